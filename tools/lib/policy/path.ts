/** Where something stands in an object, as a person writes it: `spec.ports[0].name`, `labels["a.b/c"]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path.map(step).join('').replace(/^\./, '');
}

function step(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  return /^[\w-]+$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** A text in an object. The path is the walk's own and changes under way: copy it to keep it. */
export type StringVisitor = (value: string, path: readonly (string | number)[], isKey: boolean) => void;

/** Visits every text in a value, keys of maps among them. */
export function walkStrings(value: unknown, visit: StringVisitor, path: (string | number)[] = []): void {
  if (typeof value === 'string') {
    visit(value, path, false);
  } else if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index++) {
      path.push(index);
      walkStrings(value[index], visit, path);
      path.pop();
    }
  } else if (typeof value === 'object' && value !== null) {
    for (const key in value) {
      path.push(key);
      visit(key, path, true);
      walkStrings((value as Record<string, unknown>)[key], visit, path);
      path.pop();
    }
  }
}

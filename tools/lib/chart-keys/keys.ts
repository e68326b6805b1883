// Which keys a chart takes, read from its own values.yaml.
import { parseDocument } from 'yaml';
import { UserError } from '../user-error.ts';

/** What stands behind a key below which anything may stand. */
export const OPEN = '.*';

/** Maps whose keys are the reader's own words, or Kubernetes', also where the chart has some there by default. */
const FREE = /(labels|annotations|nodeselector|securitycontext|affinity)$/i;

/** What a pod asks for, as Kubernetes has it: any resource may stand below. Some charts have words of their own there. */
const RESOURCES: readonly string[] = ['requests', 'limits', 'claims'];

/** A line such as `# minAvailable: 1`: a key that the chart shows without setting it. Prose is capitalised or spaced. */
const SHOWN = /^(?<indent> *)# ?(?<key>[a-z][A-Za-z0-9_-]*):(?: .*)?$/;

/** A line with a key that is set. */
const SET = /^(?<indent> *)(?<key>[A-Za-z_][\w.-]*|"[^"]+"|'[^']+'):(?: |$)/;

/**
 * The keys of a values.yaml.
 *
 * @param source what the file holds
 * @param file its name, for messages
 * @returns each key with dots between: `webhook.replicaCount`. One below which anything may stand ends in {@link OPEN}:
 *   one that is null or an empty map, one that is shown in a comment, and maps of labels and the like.
 * @throws UserError when it is no YAML, or no map
 */
export function keysOf(source: string, file: string): Set<string> {
  const document = parseDocument(source, { logLevel: 'error' });
  const [error] = document.errors;
  if (error) throw new UserError(`${file}: can't be read as YAML: ${error.message.split('\n')[0]}`);
  const values = document.toJS() as unknown;
  if (!isMap(values)) throw new UserError(`${file}: found no map of values in it`);
  const keys = new Set<string>();
  for (const [key, value] of Object.entries(values)) collect(key, key, value, keys);
  for (const path of shown(source)) if (!has(keys, path)) keys.add(path + OPEN);
  return keys;
}

function collect(path: string, key: string, value: unknown, keys: Set<string>): void {
  if (value === null || (isMap(value) && isFree(key, Object.keys(value)))) keys.add(path + OPEN);
  else if (!isMap(value)) keys.add(path);
  else for (const [inner, held] of Object.entries(value)) collect(`${path}.${inner}`, inner, held, keys);
}

function isFree(key: string, held: readonly string[]): boolean {
  // Also of an empty map, which has none that could be wrong.
  return FREE.test(key) || held.every((name) => RESOURCES.includes(name));
}

/** The keys that stand in comments, by the column in which the comment begins. */
function shown(source: string): string[] {
  const paths: string[] = [];
  const above: { indent: number; key: string }[] = [];
  const place = (indent: number, key: string) => {
    while ((above.at(-1)?.indent ?? -1) >= indent) above.pop();
    return [...above.map((line) => line.key), key].join('.');
  };
  for (const line of source.split('\n')) {
    const set = SET.exec(line)?.groups;
    if (set) {
      const [indent, key] = [set.indent?.length ?? 0, (set.key ?? '').replace(/["']/g, '')];
      place(indent, key);
      above.push({ indent, key });
    }
    const comment = SHOWN.exec(line)?.groups;
    if (comment) paths.push(place(comment.indent?.length ?? 0, comment.key ?? ''));
  }
  return paths;
}

/** What a values.yaml says of a key, if it says anything. */
export function defaultOf(source: string, key: string): unknown {
  return parseDocument(source, { logLevel: 'error' }).getIn(key.split('.'));
}

/** Whether keys hold one, by itself, as the way to others, or below one where anything may stand. */
export function has(keys: ReadonlySet<string>, path: string): boolean {
  if (keys.has(path) || isOpen(keys, path)) return true;
  return [...keys].some((key) => key.startsWith(`${path}.`));
}

/** Whether anything may stand below a key. */
export function isOpen(keys: ReadonlySet<string>, path: string): boolean {
  const parts = path.split('.');
  return parts.some((_, index) => keys.has(parts.slice(0, index + 1).join('.') + OPEN));
}

/** Whether a value is a map: neither a list nor a scalar. */
export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

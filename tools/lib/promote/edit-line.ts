import { isScalar, parseDocument } from 'yaml';

/** What is to stand on a line. */
export interface NewLine {
  value: string;
  /** The comment behind it, without `#`; '' for none. @default the one that is there stays */
  comment?: string;
}

/**
 * Sets one line of `apps/images.yaml` or `config/versions.yaml`; every other byte stays.
 *
 * @param text what the file holds
 * @throws Error when it has no such line
 */
export function editLine(text: string, ring: string, name: string, line: NewLine): string {
  const node = parseDocument(text).getIn([ring, name], true);
  if (!isScalar(node) || !node.range) throw new Error(`no line for ${name} in ${ring}`);
  const [start, end] = node.range;
  if (line.comment === undefined) return text.slice(0, start) + line.value + text.slice(end);
  const lineEnd = /\r?\n|$/.exec(text.slice(end))?.index ?? 0;
  const comment = line.comment === '' ? '' : ` # ${line.comment}`;
  return text.slice(0, start) + line.value + comment + text.slice(end + lineEnd);
}

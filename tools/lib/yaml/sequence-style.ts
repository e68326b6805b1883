/** Whether the items of a list stand under their key, or two spaces further in. */
export type SequenceStyle = 'compact' | 'indented';

/**
 * The style in which Flux writes every list of a document back: it looks only at the text, at the first line that
 * begins an item and follows a line that is a key and nothing more. A list inside a literal block counts too.
 *
 * @param document the text of one document
 */
export function sequenceStyle(document: string): SequenceStyle {
  const lines = document.split('\n');
  for (const [index, line] of lines.entries()) {
    const indent = line.search(/[^ ]/);
    if (indent < 0 || !line.startsWith('- ', indent)) continue;
    const key = keyLine(lines, index);
    if (key === undefined || !key.endsWith(':') || key.indexOf(':') !== key.length - 1) continue;
    return indent - key.search(/[^ ]/) === 2 ? 'indented' : 'compact';
  }
  return 'compact';
}

/** The nearest line above that is neither blank nor a comment. */
function keyLine(lines: readonly string[], before: number): string | undefined {
  for (let index = before - 1; index >= 0; index--) {
    const line = lines[index]?.trimEnd();
    if (line && !line.trimStart().startsWith('#')) return line;
  }
  return undefined;
}

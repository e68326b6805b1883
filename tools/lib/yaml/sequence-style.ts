/** Whether the items of a list stand under their key, or two spaces further in. */
export type SequenceStyle = 'compact' | 'indented';

const ITEM = /^( *)- /gm;

/**
 * The style in which Flux writes every list of a document back: it looks only at the text, at the first line that
 * begins an item and follows a line that is a key and nothing more. A list inside a literal block counts too.
 *
 * @param document the text of one document
 */
export function sequenceStyle(document: string): SequenceStyle {
  for (const item of document.matchAll(ITEM)) {
    const key = keyLine(document, item.index);
    if (key === undefined || key.indexOf(':') !== key.length - 1) continue;
    return (item[1] ?? '').length - key.search(/[^ ]/) === 2 ? 'indented' : 'compact';
  }
  return 'compact';
}

/** The nearest line above a place that is neither blank nor a comment. */
function keyLine(document: string, before: number): string | undefined {
  for (let end = before - 1; end > 0; ) {
    const start = document.lastIndexOf('\n', end - 1) + 1;
    const line = document.slice(start, end).trimEnd();
    if (line !== '' && !line.trimStart().startsWith('#')) return line;
    end = start - 1;
  }
  return undefined;
}

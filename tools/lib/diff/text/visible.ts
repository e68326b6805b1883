/** Control and format characters: they could move a terminal's cursor, or turn the direction in which text is read. */
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** A text in which every character can be seen, on one line. */
export function visible(text: string): string {
  return text.replaceAll(INVISIBLE, (character) =>
    character === '\n'
      ? '\\n'
      : character === '\t'
        ? '\\t'
        : `\\u{${character.codePointAt(0)?.toString(16)}}`,
  );
}

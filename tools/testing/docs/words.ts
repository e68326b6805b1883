// A shell's text, as far as documentation uses it.

/**
 * The commands of a text: each a list of words, as a shell takes them apart. What is between `$(` and `)` stays as it is.
 *
 * @returns one list for each command, whether they stand on lines of their own or are joined by `&&`, `||`, `;` or `|`
 */
export function commandsOf(text: string): string[][] {
  const commands: string[][] = [[]];
  let word: string | undefined;
  const endWord = () => {
    if (word !== undefined) commands.at(-1)?.push(word);
    word = undefined;
  };
  // In this order: a continued line, quotes, a substitution, what ends a command, space, a comment, any other sign.
  const parts =
    /\\\n|'([^']*)'|"((?:\\.|[^"\\])*)"|(\$\((?:[^()]|\([^()]*\))*\))|(&&|\|\||[;|\n])|([ \t]+)|(#[^\n]*)|([\s\S])/g;
  for (const [all, single, double, substitution, end, space, comment, sign] of text.matchAll(parts)) {
    if (space !== undefined || all === '\\\n') endWord();
    else if (end !== undefined) {
      endWord();
      commands.push([]);
    } else if (comment !== undefined && word === undefined) continue;
    else word = (word ?? '') + (single ?? double ?? substitution ?? sign ?? comment ?? '');
  }
  endWord();
  return commands.filter((words) => words.length > 0);
}

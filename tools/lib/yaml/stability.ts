// What Flux's image automation would change in a file besides the image that it sets. It re-encodes each document of a
// file that it touches; this says beforehand what would not come back as it was. Written apart from the writer, by the
// rules alone, so that each can be held against the other.

import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  LineCounter,
  type Node,
  type Pair,
  parseAllDocuments,
  type Scalar,
  visit,
} from 'yaml';
import { sequenceStyle } from './sequence-style.ts';

/** The rules, by name, and what happens where one is broken. */
export const RULES = {
  'line-ends': 'CRLF becomes LF',
  'final-newline': 'a file ends with one newline',
  separators:
    'only a bare --- between two documents stays; at the top, at the end or with a comment it is dropped',
  'empty-documents': 'a document with nothing but comments is dropped',
  'blank-lines': 'a blank line inside a document is removed, but for one behind a comment at its top',
  indentation: 'everything is indented by two spaces',
  'list-style': 'lists get the style of the first one that is found in the text of the document',
  folding: 'folded and wrapped texts are laid out anew',
  literals:
    'a literal with trailing or blank-only spaces, tabs, or characters outside the basic plane is quoted',
  characters: 'in double quotes, characters outside the basic plane and control characters are escaped',
  quotes: 'a text that reads as another type, as a separator or as a merge key gets quotes',
  keys: 'a key over 128 bytes or with a line break moves to a line of its own',
  'empty-metadata': 'empty metadata and annotations of the object itself are removed',
  lists: 'a single document of kind List is taken apart',
  'flow-spacing': 'spaces inside braces are removed',
  'merge-keys': 'merge keys and aliases are written out or tagged',
  comments: 'a comment stands one space behind its value',
} as const;
export type Rule = keyof typeof RULES;

/** Something that would not come back as it was. */
export interface Unstable {
  rule: Rule;
  /** Counted from one. */
  line: number;
}

/** Everything in the text of a YAML file that Flux's re-encoding would change. */
export function unstable(text: string): Unstable[] {
  const found = new Map<string, Unstable>();
  const report = (rule: Rule, line: number) => found.set(`${rule} ${line}`, { rule, line });
  lexical(text, report);
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, keepSourceTokens: true, version: '1.2' });
  for (const document of documents)
    structural(document, text, (offset) => lines.linePos(offset).line, report);
  if (documents.length === 1 && documents[0]?.get('kind') === 'List') report('lists', 1);
  return [...found.values()].sort((a, b) => a.line - b.line);
}

type Report = (rule: Rule, line: number) => void;

/** What can be seen in the text without reading it as YAML. */
function lexical(text: string, report: Report): void {
  const lines = text.split('\n');
  if (text.includes('\r\n')) report('line-ends', lines.findIndex((line) => line.endsWith('\r')) + 1);
  if (!text.endsWith('\n') || text.endsWith('\n\n')) report('final-newline', lines.length);

  let sinceSeparator: string[] = [];
  const endDocument = (line: number) => {
    if (!sinceSeparator.some((content) => content.trim() !== '' && !content.trimStart().startsWith('#'))) {
      report('empty-documents', line);
    }
    sinceSeparator = [];
  };
  for (const [index, line] of lines.entries()) {
    if (!/^---(?:\s|$)/.test(line)) {
      sinceSeparator.push(line);
      continue;
    }
    const rest = lines
      .slice(index + 1)
      .join('')
      .trim();
    if (line !== '---' || index === 0 || rest === '') report('separators', index + 1);
    else endDocument(index + 1);
    if (rest === '' || index === 0) sinceSeparator = [];
  }
  for (const document of text.split(/^---$/m)) {
    const style = sequenceStyle(document);
    const first = text.slice(0, text.indexOf(document)).split('\n').length;
    for (const { indent, line } of listIndents(document)) {
      if ((indent === 2 ? 'indented' : 'compact') !== style) report('list-style', first + line);
    }
  }
}

/** For each list in a map: how much further in than its key it stands, and on which line of the document. */
function listIndents(document: string): { indent: number; line: number }[] {
  const lines = new LineCounter();
  const [parsed] = parseAllDocuments(document, { lineCounter: lines });
  const found: { indent: number; line: number }[] = [];
  visit(parsed as Document, {
    Pair(_, { key, value }: Pair) {
      if (!isCollection(value) || isMap(value) || value.flow || !isScalar(key) || !key.range || !value.range)
        return;
      const keyAt = lines.linePos(key.range[0]);
      const listAt = lines.linePos(value.range[0]);
      found.push({ indent: listAt.col - keyAt.col, line: listAt.line - 1 });
    },
  });
  return found;
}

/** What depends on how the text is read. */
function structural(
  document: Document,
  text: string,
  lineAt: (offset: number) => number,
  report: Report,
): void {
  const at = (node: Node) => lineAt(node.range?.[0] ?? 0);
  const path: string[] = [];
  visit(document, {
    Alias: (_, alias) => report('merge-keys', at(alias)),
    Pair(_, pair, ancestors) {
      const { key, value } = pair as Pair<Node, Node | null>;
      path.length = ancestors.filter(isPair).length;
      if (!isScalar(key)) return;
      path.push(String(key.value));
      if (key.source === '<<' && key.type === 'PLAIN') report('merge-keys', at(key));
      const name = String(key.value);
      if (Buffer.byteLength(name) > 128 || /[\n\r\u0085\u2028\u2029]/.test(name)) report('keys', at(key));
      if (isEmptyMetadata(path, value)) report('empty-metadata', at(key));
      if (key.spaceBefore) report('blank-lines', at(key));
      if (isCollection(value) && !value.flow && isMap(value) && value.range && key.range) {
        const column = (offset: number) => offset - text.lastIndexOf('\n', offset - 1);
        if (column(value.range[0]) - column(key.range[0]) !== 2) report('indentation', at(value));
      }
    },
    Map(_, map) {
      if (map.spaceBefore) report('blank-lines', at(map));
      if (map.flow && map.range && /^\{ | \}$/.test(text.slice(map.range[0], map.range[1])))
        report('flow-spacing', at(map));
    },
    Seq(_, list) {
      if (list.spaceBefore) report('blank-lines', at(list));
      for (const item of list.items)
        if (!isAlias(item) && (item as Node | null)?.spaceBefore) report('blank-lines', at(item as Node));
    },
    Scalar(place, scalar) {
      // A merge key has a rule of its own.
      if (place === 'key' && scalar.source === '<<') return;
      scalarRules(scalar, text, at(scalar), report);
    },
  });
}

function isEmptyMetadata(path: readonly string[], value: Node | null): boolean {
  const [first, second, third] = path;
  if (first !== 'metadata' || third !== undefined) return false;
  return (second === undefined || second === 'annotations') && isMap(value) && value.items.length === 0;
}

/** Text that some reader of YAML 1.1 or 1.2 takes for something other than a string. */
const OTHER_TYPE =
  /^(?:~|null|true|false|yes|no|on|off|[yn]|<<|=|(?:---|\.\.\.).*|[-+]?(?:\.inf|0b[01_]+|0x[\da-f_]+|0o?[0-7_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:e[-+]?\d+)?|\d[\d_]*\.|\d+(?::[0-5]?\d)+(?:\.\d*)?)|\.nan|\d{4}-\d\d?-\d\d?.*)$/i;

function scalarRules(scalar: Scalar, text: string, line: number, report: Report): void {
  const [start, end] = scalar.range ?? [0, 0];
  const source = text.slice(start, end);
  if (scalar.spaceBefore) report('blank-lines', line);
  const behind = text.slice(end).match(/^([ \t]*)#/);
  if (behind && behind[1] !== ' ' && scalar.type !== 'BLOCK_LITERAL') report('comments', line);
  switch (scalar.type) {
    case 'BLOCK_FOLDED':
      report('folding', line);
      return;
    case 'BLOCK_LITERAL':
      literalRules(String(scalar.value), source, line, report);
      return;
    case 'PLAIN':
      if (source.includes('\n')) report('folding', line);
      if (typeof scalar.value === 'string' && source !== '' && OTHER_TYPE.test(source))
        report('quotes', line);
      if (beyondBasicPlane(source)) report('characters', line);
      return;
    default:
      if (source.includes('\n')) report('folding', line);
      if (beyondBasicPlane(source)) report('characters', line);
  }
}

function literalRules(value: string, source: string, line: number, report: Report): void {
  const [header = '', ...lines] = source.split('\n');
  const broken =
    !/^\|-?$/.test(header.trimEnd()) ||
    lines.some((content) => /[ \t]$/.test(content)) ||
    value.includes('\t') ||
    beyondBasicPlane(value) ||
    /^[\n ]/.test(value);
  if (broken) report('literals', line);
}

/** Control characters, byte order marks and what needs two UTF-16 units: go-yaml never prints them as they are. */
function beyondBasicPlane(text: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
  return /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]|[\u{10000}-\u{10ffff}]/u.test(
    text,
  );
}

import { html } from 'ghtml';
import { CST, Lexer } from 'yaml';

/** The class of what a piece of YAML is; what is missing here has none. */
const CLASSES: Readonly<Record<string, string>> = {
  comment: 'y-comment',
  'map-value-ind': 'y-mark',
  'seq-item-ind': 'y-mark',
  'flow-map-start': 'y-mark',
  'flow-map-end': 'y-mark',
  'flow-seq-start': 'y-mark',
  'flow-seq-end': 'y-mark',
  comma: 'y-mark',
  'doc-start': 'y-mark',
  'block-scalar-header': 'y-mark',
  anchor: 'y-mark',
  alias: 'y-mark',
  tag: 'y-mark',
};

/** What YAML reads as something else than a text. */
const NO_TEXT = /^(?:true|false|null|~|[-+]?(?:\d[\d_]*)(?:\.\d+)?(?:e[-+]?\d+)?)$/i;

/** What the lexer puts between pieces; it stands for no text. The last says that a plain text or a block of one follows. */
const CONTROL: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

interface Piece {
  readonly text: string;
  readonly type: string;
}

/** YAML as HTML in which keys, texts, other values and comments can be told apart. Character for character what it was. */
export function yamlHtml(text: string): string {
  const tokens = [...new Lexer().lex(text)];
  const pieces = tokens.flatMap((token, index): Piece[] => {
    if (CONTROL.has(token)) return [];
    // What such a text begins with would else be taken for what it means elsewhere.
    const type = tokens[index - 1] === CST.SCALAR ? 'scalar' : CST.tokenType(token);
    return [{ text: token, type: type ?? 'scalar' }];
  });
  return pieces.map((piece, index) => paint(piece.text, classOf(piece, pieces, index))).join('');
}

function classOf({ text, type }: Piece, pieces: readonly Piece[], index: number): string | undefined {
  if (type === 'space' || type === 'newline') return undefined;
  const given = CLASSES[type];
  if (given !== undefined) return given;
  const next = pieces.slice(index + 1, index + 3).find((other) => other.type !== 'space');
  if (next?.type === 'map-value-ind') return 'y-key';
  return type === 'scalar' && NO_TEXT.test(text) ? 'y-value' : 'y-text';
}

function paint(text: string, name: string | undefined): string {
  return name === undefined ? html`${text}` : html`<span class="${name}">${text}</span>`;
}

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

/** What the lexer puts between pieces; it stands for no text. */
const CONTROL: ReadonlySet<string> = new Set([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** YAML as HTML in which keys, texts, other values and comments can be told apart. Character for character what it was. */
export function yamlHtml(text: string): string {
  const pieces = [...new Lexer().lex(text)].filter((piece) => !CONTROL.has(piece));
  return pieces.map((piece, index) => paint(piece, classOf(piece, pieces, index))).join('');
}

function classOf(piece: string, pieces: readonly string[], index: number): string | undefined {
  const type = CST.tokenType(piece) ?? 'scalar';
  if (type === 'space' || type === 'newline') return undefined;
  const given = CLASSES[type];
  if (given !== undefined) return given;
  const next = pieces.slice(index + 1, index + 3).find((other) => CST.tokenType(other) !== 'space');
  if (next !== undefined && CST.tokenType(next) === 'map-value-ind') return 'y-key';
  return type === 'scalar' && NO_TEXT.test(piece) ? 'y-value' : 'y-text';
}

function paint(piece: string, name: string | undefined): string {
  return name === undefined ? html`${piece}` : html`<span class="${name}">${piece}</span>`;
}

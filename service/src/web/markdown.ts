/** Articles' Markdown as HTML that can do no harm. */
import MarkdownIt, { type Env, type Token } from 'markdown-it';

/** What an address may begin with, once resolved as a browser would: nothing that runs. */
const LINKED = new Set(['http:', 'https:', 'mailto:']);
const SHOWN = new Set(['https:']);

/** Any https address will do: what names no host is on this site. */
const HERE = 'https://conduit.invalid';

/**
 * How many characters the addresses in one text may have in all. A definition (`[a]: https://…`) is written once and
 * used by three characters, so without a bound a text could grow a thousandfold.
 */
const MOST_ADDRESSES = 1_000_000;

const parser = new MarkdownIt('default', { html: false, linkify: false, typographer: false });

parser.validateLink = (address) => hasScheme(address, LINKED);

const { rules } = parser.renderer;

rules.link_open = (tokens, index, _options, environment) => {
  const address = paid(attribute(tokens[index], 'href'), environment);
  return address === '' ? '<a>' : `<a href="${escaped(address)}" rel="nofollow noopener ugc">`;
};

rules.image = (tokens, index, options, environment, renderer) => {
  const token = tokens[index];
  const text = renderer.renderInlineAsText(token?.children ?? [], options, environment);
  const address = attribute(token, 'src');
  if (!hasScheme(address, SHOWN)) return escaped(text);
  const source = paid(address, environment);
  return source === ''
    ? escaped(text)
    : `<img src="${escaped(source)}" alt="${escaped(text)}" loading="lazy">`;
};

// The title of the article stands above: for those who listen, its headings are a step further down.
rules.heading_open = (tokens, index) => {
  const tag = tokens[index]?.tag ?? 'h1';
  return `<${tag} aria-level="${Number(tag.slice(1)) + 1}">`;
};

// What is wider than a phone is scrolled by itself, and then has to be reached by the keyboard.
rules.code_block = (tokens, index) => code(tokens[index]?.content);
rules.fence = (tokens, index) => code(tokens[index]?.content);
rules.table_open = () => '<div class="table" role="region" aria-label="Table" tabindex="0"><table>';
rules.table_close = () => '</table></div>';

// As a class: styles in the document are forbidden, by our own policy too.
rules.th_open = rules.td_open = (tokens, index) => {
  const cell = tokens[index];
  const side = attribute(cell, 'style').replace('text-align:', '');
  return side === '' ? `<${cell?.tag}>` : `<${cell?.tag} class="${side}">`;
};

/** Renders Markdown. Raw HTML in it is shown as text; links and pictures lead nowhere that could run a script. */
export function renderMarkdown(text: string): string {
  return parser.render(text, {});
}

function attribute(token: Token | undefined, name: string): string {
  return String(token?.attrGet(name) ?? '');
}

function code(content = ''): string {
  return `<pre tabindex="0"><code>${escaped(content)}</code></pre>`;
}

/** Whether an address, read as a browser reads it (blanks and line ends in it don't count), has one of the schemes. */
function hasScheme(address: string, schemes: ReadonlySet<string>): boolean {
  return URL.canParse(address, HERE) && schemes.has(new URL(address, HERE).protocol);
}

/** The address, as long as there is room for it. */
function paid(address: string, environment: Env = {}): string {
  const used = Number(environment.used ?? 0) + address.length;
  environment.used = used;
  return used > MOST_ADDRESSES ? '' : address;
}

function escaped(text: string): string {
  return parser.utils.escapeHtml(text);
}

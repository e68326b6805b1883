// What a page of the documentation holds that can be true or not: links, headings, blocks and words set as code.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import markdownIt, { type Token } from 'markdown-it';
import { ROOT } from '../../lib/repo.ts';

/** A block between fences. */
export interface Fence {
  /** The line it begins in, from 1. */
  line: number;
  /** The first word behind the fence: `sh`, `ts`, … or nothing. */
  language: string;
  /** What stands behind it: what a block of commands needs, or where code is to go. */
  about: string;
  text: string;
}

/** A page, by its path from the repo's root. */
export interface Page {
  path: string;
  /** Where its links lead, pictures' too, as written. */
  links: string[];
  /** What a `#` in a link may name, as GitHub makes it of the headings. */
  anchors: Set<string>;
  fences: Fence[];
  /** Words that are set as code in running text. */
  code: string[];
  /** Running text that is not. */
  prose: string[];
}

/** Reads a page. */
export function readPage(path: string): Page {
  const page: Page = { path, links: [], anchors: new Set(), fences: [], code: [], prose: [] };
  const tokens = markdownIt({ html: true }).parse(readFileSync(join(ROOT, path), 'utf8'), {});
  tokens.forEach((token, index) => {
    if (token.type === 'fence') page.fences.push(fence(token));
    if (token.type === 'inline') inline(page, token);
    if (token.type === 'heading_open') page.anchors.add(anchor(tokens[index + 1], page.anchors));
  });
  return page;
}

function fence({ info, content, map }: Token): Fence {
  const [language = '', ...about] = info.trim().split(/\s+/);
  return { line: (map?.[0] ?? 0) + 1, language, about: about.join(' '), text: content };
}

function inline(page: Page, { children }: Token): void {
  for (const token of children ?? []) {
    if (token.type === 'code_inline') page.code.push(token.content);
    if (token.type === 'text') page.prose.push(token.content);
    const target = token.attrGet(token.type === 'image' ? 'src' : 'href');
    if (target !== null) page.links.push(decodeURI(String(target)));
  }
}

/** @see https://github.com/gjtorikian/html-pipeline, by which GitHub makes them */
function anchor(heading: Token | undefined, taken: ReadonlySet<string>): string {
  const title = (heading?.children ?? []).map(({ content }) => content).join('');
  const name = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, '')
    .replaceAll(' ', '-');
  if (!taken.has(name)) return name;
  for (let number = 1; ; number += 1) if (!taken.has(`${name}-${number}`)) return `${name}-${number}`;
}

/** Why a relative link of a page leads nowhere. @returns undefined where it arrives, or leads out of the repo */
export function brokenLink(page: Page, link: string, pages: ReadonlyMap<string, Page>): string | undefined {
  if (/^[a-z]+:/.test(link)) return undefined;
  const [file = '', name] = link.split('#');
  const target = file === '' ? page.path : join(page.path, '..', file).replace(/\/$/, '');
  if (!existsSync(join(ROOT, target))) return `${link}: there is no ${target}`;
  if (name === undefined) return undefined;
  const there = pages.get(target);
  if (there === undefined) return `${link}: ${target} has no headings`;
  return there.anchors.has(name) ? undefined : `${link}: ${target} has no heading of that name`;
}

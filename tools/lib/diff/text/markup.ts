import { visible } from './visible.ts';

/** A text that means nothing in Markdown, mentions nobody and links to nothing. */
export function plain(text: string): string {
  return (
    visible(text)
      .replaceAll(/[\\`*_[\]<>~$]/g, '\\$&')
      .replaceAll('&', '&amp;')
      // GitHub finds mentions and issues in what has been rendered, where no escape is left.
      .replaceAll(/[@#]/g, '$&\u200b')
      .replaceAll('://', ':\u200b//')
  );
}

/** A text as code within a line. */
export function code(text: string): string {
  const shown = visible(text);
  const longest = Math.max(0, ...[...shown.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  const pad = shown.startsWith('`') || shown.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** A text as code within HTML. */
export function codeInHtml(text: string): string {
  const escaped = visible(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return `<code>${escaped}</code>`;
}

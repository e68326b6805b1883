import { HIGHLIGHTED } from './graph-svg.ts';

/** The rules that dim the other lines of a graph when a box is pointed at or has the focus: no script is needed. */
export function highlightCss(): string {
  const pointed = Array.from(
    { length: HIGHLIGHTED },
    (_, index) => `.graph:has(.at-${index}:is(:hover,:focus-visible))`,
  );
  return [
    `${pointed.map((graph, index) => `${graph} .edge:not(.of-${index})`).join(',\n')} { opacity: 0.14; }`,
    `${pointed.map((graph, index) => `${graph} .edge.of-${index}`).join(',\n')} { stroke: var(--accent); opacity: 1; stroke-width: 2; }`,
    '',
  ].join('\n');
}

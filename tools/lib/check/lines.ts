import type { Finding } from './finding.ts';
import { line } from './judge.ts';

/** How a cluster's name is written in a line that holds for several; `npm run diff` writes it so too. */
const ANY = '<cluster>';

/** Findings as lines for a person, in their order. What several clusters have alike is told once, with their names. */
export function lines(findings: readonly Finding[]): string[] {
  const alike = Map.groupBy(findings, (finding) => {
    const cluster = clusterOf(finding);
    return line(finding).replaceAll(/[\w-]+/g, (word) => (word === cluster ? ANY : word));
  });
  return [...alike].map(([text, same]) => {
    const clusters = [...new Set(same.map(clusterOf))];
    const [first] = same;
    return clusters.length === 1 && first ? line(first) : `${text} (${clusters.join(', ')})`;
  });
}

function clusterOf({ where }: Finding): string | undefined {
  return /^dist\/([^/]+)\//.exec(where)?.[1];
}

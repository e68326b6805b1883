import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { clusterAddOns } from '../../../apps/add-ons/cluster-add-ons.ts';
import { OPTIONAL_ADD_ONS, type OptionalAddOn } from '../../../config/add-ons.ts';
import type { Config } from '../../../config/load.ts';

/** The page of docs/ that is made here, from the repo's root. */
export const ADD_ONS_PAGE = 'docs/add-ons.md';

/** An add-on, as far as the page tells of it. */
type AddOn = ReturnType<typeof clusterAddOns>[number];

/** Words of the config for what is no add-on of ours: AWS runs it. */
const RUN_BY_AWS: Partial<Record<OptionalAddOn, { why: string; needs: string; costs: string }>> = {
  'container-insights': {
    why: 'Measures nodes and pods in CloudWatch, for people who look there.',
    needs: 'a role in AWS; it is the EKS add-on amazon-cloudwatch-observability',
    costs: 'about 0.30 USD a month for each of its metrics',
  },
};

/**
 * The page that tells of each add-on: which version a ring has, what for, what it needs and costs, and how to do without it.
 *
 * @param config the checked config
 */
export function addOnsPage(config: Config): string {
  const rings = config.platform.rings.map(({ name }) => name);
  const byRing = new Map(
    rings.map((ring) => [
      ring,
      config.platform.clusters
        .filter((cluster) => cluster.ring === ring)
        .flatMap((cluster) => clusterAddOns(config, cluster)),
    ]),
  );
  const all = new Map([...byRing.values()].flat().map((addOn) => [addOn.name, addOn]));
  const inOrder = [...all.values()];
  const rows = [
    ...inOrder.map((addOn) => [
      addOn.name,
      ...rings.map((ring) => versions(config, ring, byRing.get(ring) ?? [], addOn)),
      ...[addOn.why, addOn.needs ?? '–', addOn.costs ?? '–'].map((text) => plain(config, text)),
      howToLeaveOut(addOn, inOrder),
    ]),
    ...leftOut(all).map((name) => [
      name,
      ...rings.map(() => '–'),
      RUN_BY_AWS[name]?.why ?? 'It is left out.',
      RUN_BY_AWS[name]?.needs ?? '–',
      RUN_BY_AWS[name]?.costs ?? '–',
      `\`'${name}': 'on'\` brings it`,
    ]),
  ];
  const header = ['add-on', ...rings, 'what for', 'needs', 'costs', 'to do without it'];
  return `# Add-ons

<!-- Made by \`npm run synth\` from the code. Don't edit. -->

What we install on every cluster, in the order in which it is described: each is a file in \`flux/add-ons/\`, a folder in
\`dist/<cluster>/platform/\` and a Kustomization of Flux. A word in \`addOns\` of \`config/platform.ts\` leaves an add-on out
of every cluster, one in \`addOns\` of a ring out of that ring; who stands on it is told by the error. "ours" has no version:
it is made of our own objects. Needs and costs are those of the last ring; costs are about right, and come on top of the nodes
that an add-on runs on.

${table(header, rows)}
`;
}

/** Which versions of an add-on's charts a ring has. */
function versions({ versions }: Config, ring: string, present: readonly AddOn[], { name }: AddOn): string {
  const addOn = present.find((own) => own.name === name);
  if (addOn === undefined) return '–';
  const charts = addOn.charts ?? [];
  if (charts.length === 0) return 'ours';
  const of = versions[ring] as Readonly<Record<string, string>>;
  const [only] = charts;
  return charts.length === 1
    ? String(of[only as string])
    : charts.map((chart) => `${chart} ${of[chart]}`).join('<br>');
}

function howToLeaveOut({ name }: AddOn, all: readonly AddOn[]): string {
  if (Object.hasOwn(OPTIONAL_ADD_ONS, name)) return `\`'${name}': 'off'\``;
  const dependants = all.filter(({ dependsOn }) => dependsOn.includes(name)).map((addOn) => addOn.name);
  if (dependants.length === 0) return 'it stays';
  return `it stays: ${dependants.join(', ')} ${dependants.length === 1 ? 'stands' : 'stand'} on it`;
}

/** What could be there and is on no cluster. */
function leftOut(all: ReadonlyMap<string, AddOn>): OptionalAddOn[] {
  return (Object.keys(OPTIONAL_ADD_ONS) as OptionalAddOn[]).filter((name) => !all.has(name));
}

/** A text for all clusters, without what Markdown would take for a tag. */
function plain({ platform }: Config, text: string): string {
  return platform.clusters
    .reduce((said, { name }) => said.replaceAll(name, '<cluster>'), text)
    .replaceAll('<', '&lt;');
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

/**
 * The page as it should be, where it is not: it is there, and says something else.
 *
 * @param root the repo's folder
 */
export function staleAddOnsPage(root: string, config: Config): string | undefined {
  const file = join(root, ADD_ONS_PAGE);
  if (!existsSync(file)) return undefined;
  const page = addOnsPage(config);
  return readFileSync(file, 'utf8') === page ? undefined : page;
}

import { ringSizing } from '../../../../config/per-ring.ts';
import type { Platform } from '../../../../config/schema.ts';
import { ownerOf } from '../stacks.ts';
import type { Template } from '../templates.ts';
import { type Change, compareTemplates } from './compare-templates.ts';
import { type Replacement, replacementBySchema } from './replacement.ts';

/** What a deployment does, to all stacks that were looked at. */
export interface DiffReport {
  changes: readonly Change[];
  /** Stacks that no template describes any more: they stay in AWS. */
  forgotten: readonly string[];
  /** Of the changes, those that take away state. */
  losses: readonly Change[];
  /** Of those, the ones that take production's data, and must not be. */
  blocked: readonly Change[];
}

/** @param before and after: templates by the name of their stack */
export function diffReport(
  platform: Platform,
  before: ReadonlyMap<string, Template>,
  after: ReadonlyMap<string, Template>,
): DiffReport {
  let bySchema: Replacement | undefined;
  const replacement = () => (bySchema ??= replacementBySchema());
  const changes = [...after].flatMap(([stack, template]) =>
    compareTemplates(stack, before.get(stack), template, replacement),
  );
  const losses = changes.filter(({ fate, state }) => state && /replaced|goes/.test(fate));
  return {
    changes,
    forgotten: [...before.keys()].filter((stack) => !after.has(stack)),
    losses,
    blocked: losses.filter(
      ({ fate, state, stack }) =>
        state?.isData && fate !== 'may be replaced' && isOfProduction(platform, stack),
    ),
  };
}

/** Whether users depend on what is in a stack: where a person approves what arrives, or what must not be noticed to fail. */
export function isOfProduction(platform: Platform, stack: string): boolean {
  const owner = ownerOf(
    stack,
    platform.clusters.map(({ name }) => name),
  );
  const [, account] = /^account-(\d{12})-/.exec(stack) ?? [];
  return platform.clusters
    .filter((cluster) => cluster.name === owner || cluster.account === account)
    .some(
      ({ ring }) =>
        ringSizing(platform, ring) === 'highly-available' ||
        platform.rings.some(({ name, promotion }) => name === ring && promotion === 'approval'),
    );
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A stack of the CDK app: where it goes, and what must be there before it. */
export interface Stack {
  /** `dev-eu-west-1-network` */
  name: string;
  account: string;
  region: string;
  /** The names of the stacks that it waits for. */
  dependsOn: readonly string[];
  /** The version of the CDK's preparation of the region that it needs at least. */
  bootstrapVersion: number;
}

interface Manifest {
  artifacts: Record<
    string,
    {
      type: string;
      environment?: string;
      dependencies?: string[];
      properties?: { requiresBootstrapStackVersion?: number };
    }
  >;
}

/**
 * The stacks of a compiled CDK app, in an order in which each comes after those it waits for.
 *
 * @param folder where it was compiled to
 */
export async function readStacks(folder: string): Promise<Stack[]> {
  const { artifacts } = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')) as Manifest;
  const isStack = (name: string) => artifacts[name]?.type === 'aws:cloudformation:stack';
  const stacks = Object.entries(artifacts)
    .filter(([name]) => isStack(name))
    .map(([name, { environment = '', dependencies = [], properties }]): Stack => {
      const [, account = '', region = ''] = /^aws:\/\/(\d+)\/([\w-]+)$/.exec(environment) ?? [];
      return {
        name,
        account,
        region,
        dependsOn: dependencies.filter(isStack),
        bootstrapVersion: properties?.requiresBootstrapStackVersion ?? 0,
      };
    });
  return inOrder(stacks);
}

/** Each after those it waits for, and otherwise as they came. */
export function inOrder(stacks: readonly Stack[]): Stack[] {
  const byName = new Map(stacks.map((stack) => [stack.name, stack]));
  const ordered = new Set<Stack>();
  const add = (stack: Stack) => {
    if (ordered.has(stack)) return;
    for (const name of stack.dependsOn) {
      const before = byName.get(name);
      if (before) add(before);
    }
    ordered.add(stack);
  };
  for (const stack of stacks) add(stack);
  return [...ordered];
}

/**
 * The stacks of one cluster.
 *
 * @param clusters the names of all clusters: one may begin with another's
 */
export function stacksOfCluster(
  stacks: readonly Stack[],
  cluster: string,
  clusters: readonly string[],
): Stack[] {
  return stacks.filter(({ name }) => ownerOf(name, clusters) === cluster);
}

/** The stacks that an account has once. */
export function stacksOfAccount(stacks: readonly Stack[], account: string): Stack[] {
  return stacks.filter(({ name }) => name.startsWith(`account-${account}-`));
}

/** The cluster that a stack is of; of the names that it begins with, the longest. */
export function ownerOf(stack: string, clusters: readonly string[]): string | undefined {
  return clusters.filter((cluster) => stack.startsWith(`${cluster}-`)).sort((a, b) => b.length - a.length)[0];
}

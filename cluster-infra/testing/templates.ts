// Templates of a platform, for tests to read. They are made by another process: jest takes ten seconds to load the CDK, for
// each file of tests, where Node takes one.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { parsePlatform } from '../../config/checks/parse-platform.ts';
import type { Platform } from '../../config/schema.ts';
import platformInput from '../../config/testing/platform.ts';
import type { Finding } from '../checks/findings.ts';
import type { Template } from '../checks/iam-findings.ts';

/**
 * The platform of tests, with some of it changed: its conduit has a database.
 *
 * @throws Error when it is no longer a right one
 */
export function testPlatform(change: Partial<typeof platformInput> = {}): Platform {
  const { conduit } = platformInput.apps;
  const apps = conduit && {
    conduit: { ...conduit, settings: { ...conduit.settings, database: { poolSize: 10 } } },
  };
  const { platform, mistakes } = parsePlatform({ ...platformInput, apps, ...change });
  if (platform === undefined) throw new Error(JSON.stringify(mistakes, null, 2));
  return platform;
}

/** A mistake that somebody might make in one of the stacks; see synthesize.ts. */
export type Slip =
  | 'policy-to-any-resource'
  | 'database-without-encryption'
  | 'open-security-group'
  | 'unread-managed-policy'
  | 'stale-acknowledgement';

/** What synthesize.ts is told. */
export interface Order {
  platform: Platform;
  /** Whether the templates are judged, which takes three times as long. */
  checks: boolean;
  slips: readonly Slip[];
}

/** Everything that a platform comes to. */
export interface Synthesized {
  /** By the name of the stack. */
  templates: Readonly<Record<string, Template>>;
  /** Empty when nothing was judged. */
  found: readonly Finding[];
}

/** Synthesizes all stacks. */
export function synthesize(platform: Platform, order: Partial<Order> = {}): Synthesized {
  const whole: Order = { checks: false, slips: [], ...order, platform };
  const script = join(import.meta.dirname, 'synthesize.ts');
  const env = { ...process.env, CDK_VALIDATION: String(whole.checks) };
  const options = { input: JSON.stringify(whole), env, encoding: 'utf8', maxBuffer: 2 ** 28 } as const;
  return JSON.parse(execFileSync(process.execPath, [script], options)) as Synthesized;
}

/**
 * The one template of a stack.
 *
 * @throws Error when there is no such stack
 */
export function templateOf({ templates }: Synthesized, stack: string): Template {
  const template = templates[stack];
  if (template === undefined)
    throw new Error(`no stack ${stack}; there are: ${Object.keys(templates).join(', ')}`);
  return template;
}

/** A resource as a test reads into it. */
interface Found {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: A test reads into resources whose types it has just named.
  Properties: Record<string, any>;
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** The resources of a type in a template, by their logical ids. */
export function resourcesOf({ Resources = {} }: Template, type: string): Record<string, Found> {
  return Object.fromEntries(
    Object.entries(Resources).filter(([, resource]) => resource.Type === type),
  ) as Record<string, Found>;
}

/**
 * The one resource of a type in a template.
 *
 * @throws Error when there are none or several
 */
export function onlyResource(template: Template, type: string): Found {
  const [found, ...others] = Object.values(resourcesOf(template, type));
  if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} or no ${type}`);
  return found;
}

import { join } from 'node:path';
import { Code } from 'aws-cdk-lib/aws-lambda';
import { bundle } from './bundle.ts';

const FOLDER = join(import.meta.dirname, '../.slipway/infra');

const bundled = new Set<string>();

/**
 * The code of a function of `lambdas/`, bundled once in a process.
 *
 * @param name the name of its folder there
 */
export function lambdaCode(name: string): Code {
  const folder = join(FOLDER, name);
  if (!bundled.has(name)) bundle(name, folder);
  bundled.add(name);
  return Code.fromAsset(folder);
}

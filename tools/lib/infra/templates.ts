import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repo.ts';

/** Where `npm run infra:synth` writes templates. */
export const CDK_OUT = join(ROOT, 'cdk.out');

const SUFFIX = '.template.json';

/** A resource of a template, as far as we read it. */
export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: What stands in it depends on its type, and CloudFormation has a thousand.
  Properties?: Record<string, any>;
  /** What becomes of it when it goes from its template. @default `Delete` */
  DeletionPolicy?: string;
}

/** A CloudFormation template, as far as we read it. */
export interface Template {
  Resources?: Record<string, Resource>;
}

/** The names of the templates in a folder, each by its stack. */
export async function templateFiles(folder: string): Promise<string[]> {
  const files = await readdir(folder);
  return files.filter((file) => file.endsWith(SUFFIX)).map((file) => file.slice(0, -SUFFIX.length));
}

/**
 * Reads the templates of all stacks.
 *
 * @param folder where they were synthesized to
 * @returns by the name of the stack
 */
export async function readTemplates(folder: string): Promise<Map<string, Template>> {
  const stacks = await templateFiles(folder);
  const read = async (stack: string) => {
    const text = await readFile(join(folder, `${stack}${SUFFIX}`), 'utf8');
    return [stack, JSON.parse(text) as Template] as const;
  };
  return new Map(await Promise.all(stacks.sort().map(read)));
}

import { glob, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { parseAllDocuments } from 'yaml';
import type { Resource } from '../../../../charts/custom-resource.ts';
import { notOneOf } from '../../../../config/checks/refusal.ts';
import type { Config } from '../../../../config/load.ts';
import { manifests } from '../../dist/manifests.ts';
import { DIST } from '../../repo.ts';
import { UserError } from '../../user-error.ts';
import { isCanary, readCanary, templatesOf } from '../read/read-canary.ts';
import { subjectsOfDist } from './from-dist.ts';
import { DEFAULT_LIMITS, DEFAULT_REQUESTS_PER_SECOND, type Subject } from './subject.ts';
import { several } from './words.ts';

/** Which Canaries are planned, and what is said of all of them. */
export interface Gathering {
  /** Clusters of `dist/`; none for all. */
  clusters: readonly string[];
  /** Files instead of `dist/`; `-` is standard input. */
  files: readonly string[];
  /** One plan for each, in place of what is known of a canary. */
  requestsPerSecond?: readonly number[] | undefined;
  /** In percent, in place of the config's. */
  maxRolledBack?: number | undefined;
  maxPromoted?: number | undefined;
}

/**
 * Finds the Canaries to plan.
 *
 * @param config for those of `dist/`
 * @throws UserError when there are none, or a file can't be read
 */
export async function gather(config: Config | undefined, gathering: Gathering): Promise<Subject[]> {
  const found =
    config === undefined ? await ofFiles(gathering.files) : await ofDist(config, gathering.clusters);
  const { requestsPerSecond, maxRolledBack, maxPromoted } = gathering;
  const isAsked = maxRolledBack !== undefined || maxPromoted !== undefined;
  const asked = found.map((subject) => ({
    ...subject,
    limits: {
      healthyRolledBack: maxRolledBack === undefined ? subject.limits.healthyRolledBack : maxRolledBack / 100,
      brokenPromoted: maxPromoted === undefined ? subject.limits.brokenPromoted : maxPromoted / 100,
      isAsked: isAsked || subject.limits.isAsked,
    },
  }));
  if (requestsPerSecond === undefined) return asked;
  return asked.flatMap((subject) => {
    // What is refused is so at any traffic.
    if (subject.read.analysis === undefined) return [subject];
    return requestsPerSecond.map((rate) => ({
      ...subject,
      ...(requestsPerSecond.length > 1 && { group: `${subject.group} at ${several(rate, 'request')}/s` }),
      traffic: { requestsPerSecond: rate, isAssumed: false },
    }));
  });
}

async function ofDist({ platform }: Config, clusters: readonly string[]): Promise<Subject[]> {
  const known = await foldersOf(DIST);
  const unknown = clusters.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new UserError(`dist/ holds no such cluster: ${notOneOf(unknown[0], known)}`);
  }
  const wanted = clusters.length === 0 ? known : clusters;
  const texts = await Promise.all(wanted.map((cluster) => textsOf(cluster)));
  const subjects = subjectsOfDist(manifests(new Map(texts.flat())), platform);
  if (subjects.length === 0) throw new UserError('dist/ holds no Canary: nothing to plan');
  return subjects;
}

async function foldersOf(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : [])).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    throw new UserError('there is no dist/: run `npm run synth` first');
  }
}

/** The files of a cluster that hold a Canary or what it measures by: to parse all others would take most of the time. */
async function textsOf(cluster: string): Promise<[string, string][]> {
  const found: [string, string][] = [];
  for await (const file of glob(`${cluster}/**/*.yaml`, { cwd: DIST })) {
    const text = await readFile(join(DIST, file), 'utf8');
    if (/^kind: (Canary|MetricTemplate)$/m.test(text)) found.push([file, text]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

async function ofFiles(files: readonly string[]): Promise<Subject[]> {
  const read = await Promise.all(files.map(async (file) => ({ file, objects: await objectsOf(file) })));
  // A template may stand in another file than the Canary that refers to it.
  const templates = templatesOf(read.flatMap(({ objects }) => objects));
  const subjects = read.flatMap(({ file, objects }) =>
    objects.filter(isCanary).map((object): Subject => {
      const canary = readCanary(object, templates);
      const title = [canary.namespace, canary.name].filter((part) => part !== '').join('/');
      return {
        where: file,
        title,
        group: title,
        read: canary,
        traffic: { requestsPerSecond: DEFAULT_REQUESTS_PER_SECOND, isAssumed: true },
        limits: DEFAULT_LIMITS,
      };
    }),
  );
  if (subjects.length === 0) throw new UserError(`${files.join(', ')}: holds no Canary of Flagger's`);
  return subjects;
}

async function objectsOf(file: string): Promise<Resource[]> {
  const text = await readText(file);
  const documents = parseAllDocuments(text);
  const [error] = documents.flatMap(({ errors }) => errors);
  if (error !== undefined) throw new UserError(`${file}: is no YAML: ${error.message.split('\n')[0]}`);
  return documents.flatMap((document) => {
    const object = document.toJS() as (Resource & { items?: unknown }) | null;
    if (typeof object !== 'object' || object === null) return [];
    // As kubectl prints several.
    return object.kind === 'List' && Array.isArray(object.items) ? (object.items as Resource[]) : [object];
  });
}

async function readText(file: string): Promise<string> {
  if (file === '-') return textOf(process.stdin);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new UserError(`${file}: can't be read: ${(error as Error).message}`);
  }
}

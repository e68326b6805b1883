// What we know of the charts we use, as flux/chart-keys/ holds it.
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../repo.ts';

/** The folder of the records, from the repo's root. */
export const RECORDS = 'flux/chart-keys';

/** One version of a chart. */
export interface ChartVersion {
  /** Where the values were read, where that is not this version itself. @default this very version */
  from?: string;
  /** SHA-256 of each file that the keys were read from, by the file's name. */
  sha256: Record<string, string>;
  /** The keys that its values may have: see {@link keysOf}. */
  keys: string[];
  /** The kinds that it adds to a cluster: `cert-manager.io/Certificate`. @default none */
  crds?: string[];
  /** The value that must be true for it to add them: `crds.enabled`. @default none */
  crdsWhen?: string;
  /** Whether {@link ChartVersion.crdsWhen} is true where nobody sets it. @default false */
  crdsByDefault?: true;
  /** API groups of other charts' CRDs for which its controllers answer: `policy.linkerd.io`. @default none */
  controls?: string[];
}

/** A chart, or another source of objects that Flux installs, with the versions of it that are known. */
export interface ChartRecord {
  chart: string;
  versions: Record<string, ChartVersion>;
}

/** The records by the charts' names. */
export type ChartRecords = ReadonlyMap<string, ChartRecord>;

/**
 * Reads every record.
 *
 * @param root the repo's folder
 */
export function readRecords(root = ROOT): ChartRecords {
  const folder = join(root, RECORDS);
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  const records = files.map(
    (name): ChartRecord => JSON.parse(readFileSync(join(folder, name), 'utf8')) as ChartRecord,
  );
  return new Map(records.map((record) => [record.chart, record]));
}

/**
 * Writes one version into a chart's record, in the place of what was known of that version.
 *
 * @param root the repo's folder
 * @returns the file, from the repo's root
 */
export async function writeRecord(
  chart: string,
  version: string,
  known: ChartVersion,
  root = ROOT,
): Promise<string> {
  await mkdir(join(root, RECORDS), { recursive: true });
  const before = readRecords(root).get(chart)?.versions ?? {};
  const versions = Object.fromEntries(
    Object.entries({ ...before, [version]: known }).sort(([a], [b]) =>
      a.localeCompare(b, 'en', { numeric: true }),
    ),
  );
  const file = `${RECORDS}/${chart}.json`;
  await writeFile(
    join(root, file),
    `${JSON.stringify({ chart, versions } satisfies ChartRecord, null, 2)}\n`,
  );
  return file;
}

/** What is known of a version; a leading `v`, as in some tags, is no part of it. */
export function knownVersion(
  records: ChartRecords,
  chart: string,
  version: string,
): ChartVersion | undefined {
  return records.get(chart)?.versions[version.replace(/^v/, '')];
}

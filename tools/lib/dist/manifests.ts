import { parseAllDocuments } from 'yaml';
import type { Resource } from '../../../charts/custom-resource.ts';
import type { PolicyException } from '../../../charts/policy-exception.ts';

/** One object in `dist/` and where it stands. */
export interface Manifest {
  /** The file, relative to `dist/`: `dev-eu-west-1/apps/conduit/conduit.yaml`. */
  file: string;
  /** The first part of the file's path. */
  cluster: string;
  /** The construct that made it, for messages: `conduit/canary`. @default not known: it was read from a file */
  construct?: string;
  object: Resource;
  /** The policies that don't hold for it. @default none */
  exceptions?: readonly PolicyException[];
}

/**
 * The objects that files hold, in their order. What is there for kustomize to read is none.
 *
 * @param files path relative to `dist/` to text
 */
export function manifests(files: ReadonlyMap<string, string>): Manifest[] {
  return [...files].flatMap(([file, text]) =>
    parseAllDocuments(text)
      .map((document) => document.toJS() as Resource)
      .filter((object) => !isForKustomize(object))
      .map((object) => ({ file, cluster: file.split('/')[0] ?? '', object })),
  );
}

/** Flux applies neither kustomize's own files nor those that it makes objects of, which have no kind. */
function isForKustomize(object: Partial<Resource> | null): boolean {
  const { apiVersion, kind } = object ?? {};
  if (apiVersion === undefined && kind === undefined) return true;
  return apiVersion?.startsWith('kustomize.config.k8s.io/') === true;
}

/** Kind, namespace and name: what is unique in a cluster. */
export function identity({ kind, metadata }: Resource): string {
  return [kind, metadata?.namespace, metadata?.name].filter(Boolean).join('/');
}

import { parseDocument } from 'yaml';
import { isObject, type Json, type JsonObject, stringAt } from './fields/json.ts';

/** The YAML documents of a file, as they stand. */
export function splitDocuments(text: string): string[] {
  // Inside a document a line can't begin with `---`: a block's lines are indented.
  return text
    .split(/^---(?:[ \t]*$|(?=[ \t]))/m)
    .map((document) => document.trim())
    .filter((document) => document.replaceAll(/^\s*#.*$/gm, '').trim() !== '');
}

/** Reads documents, equal ones once: the clusters of a ring mostly hold the same. */
export class DocumentReader {
  readonly #values = new Map<string, Json | undefined>();

  /**
   * @param text one document
   * @returns what it holds, not to be changed; nothing when it is not YAML
   */
  read(text: string): Json | undefined {
    if (!this.#values.has(text)) {
      const document = parseDocument(text, { logLevel: 'silent' });
      this.#values.set(text, document.errors.length > 0 ? undefined : (document.toJS() as Json));
    }
    return this.#values.get(text);
  }
}

/** Whether something that YAML held is an object for Kubernetes: with kind and name, and not meant for kustomize. */
export function isManifest(value: Json | undefined): value is JsonObject {
  return (
    isObject(value) &&
    stringAt(value, 'kind') !== undefined &&
    stringAt(value, 'metadata', 'name') !== undefined &&
    !group(value).startsWith('kustomize.config.k8s.io')
  );
}

/** Whether something that YAML held is the file of a release: the Deployment beside it tells what changes in it. */
export function isReleaseFile(value: Json | undefined): boolean {
  return isObject(value) && Array.isArray(value.containers) && stringAt(value, 'template') !== undefined;
}

/** The API group: `apps` of `apps/v1`, nothing for the core one. */
export function group(object: JsonObject): string {
  const version = stringAt(object, 'apiVersion') ?? '';
  return version.includes('/') ? version.slice(0, version.indexOf('/')) : '';
}

/** A kind with its group, as the tables of flags name it: `apps/Deployment`, `Service`. */
export function groupKind(object: JsonObject): string {
  return [group(object), stringAt(object, 'kind')].filter(Boolean).join('/');
}

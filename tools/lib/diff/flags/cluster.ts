import { type DocumentReader, groupKind, isManifest, splitDocuments } from '../documents.ts';
import { type JsonObject, stringAt } from '../fields/json.ts';

export type Side = 'before' | 'after';

/**
 * The whole of a cluster on both sides, of which only what a question is about is read: most files did not change,
 * and reading them all would take longer than everything else.
 */
export class Cluster {
  readonly #reader: DocumentReader;
  readonly #texts: Readonly<Record<Side, readonly string[]>>;
  readonly #words = new Map<string, ReadonlyMap<string, string[]>>();

  /** @param texts the cluster's files on each side */
  constructor(reader: DocumentReader, texts: Readonly<Record<Side, readonly string[]>>) {
    this.#reader = reader;
    this.#texts = texts;
  }

  /** The Canary that releases a workload. */
  canaryOf(workload: JsonObject, side: Side): JsonObject | undefined {
    const name = stringAt(workload, 'metadata', 'name') ?? '';
    return this.#find(side, 'Canary', name).find(
      (canary) =>
        groupKind(canary) === 'flagger.app/Canary' &&
        stringAt(canary, 'metadata', 'namespace') === stringAt(workload, 'metadata', 'namespace') &&
        stringAt(canary, 'spec', 'targetRef', 'name') === name &&
        stringAt(canary, 'spec', 'targetRef', 'kind') === stringAt(workload, 'kind'),
    );
  }

  /** Whether there is such an object. */
  holds(side: Side, kind: string, namespace: string | undefined, name: string): boolean {
    return this.#find(side, kind, name).some(
      ({ metadata }) => stringAt(metadata, 'name') === name && stringAt(metadata, 'namespace') === namespace,
    );
  }

  /** The objects of a kind, after the change, that stand in the namespace of another and name it. */
  inNamespaceOf(object: JsonObject, kind: string): JsonObject[] {
    const namespace = stringAt(object, 'metadata', 'namespace');
    return this.#find(
      'after',
      kind.slice(kind.lastIndexOf('/') + 1),
      stringAt(object, 'metadata', 'name') ?? '',
    ).filter((found) => groupKind(found) === kind && stringAt(found, 'metadata', 'namespace') === namespace);
  }

  /** The objects of a kind in whose text a name occurs. */
  #find(side: Side, kind: string, name: string): JsonObject[] {
    return (this.#ofKind(side, kind).get(name) ?? [])
      .map((document) => this.#reader.read(document))
      .filter((value) => isManifest(value))
      .filter((object) => stringAt(object, 'kind') === kind);
  }

  /** The documents that may hold objects of a kind, by each word in them. */
  #ofKind(side: Side, kind: string): ReadonlyMap<string, string[]> {
    const key = `${side} ${kind}`;
    const known = this.#words.get(key);
    if (known) return known;
    const words = new Map<string, string[]>();
    const documents = this.#texts[side]
      .filter((text) => text.includes(kind))
      .flatMap(splitDocuments)
      .filter((document) => document.includes(kind));
    for (const document of documents) {
      for (const word of new Set(document.match(/[\w.-]+/g))) {
        const holders = words.get(word);
        if (holders) holders.push(document);
        else words.set(word, [document]);
      }
    }
    this.#words.set(key, words);
    return words;
  }
}

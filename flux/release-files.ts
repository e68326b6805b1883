// What stands in an app's folder beside its objects, so that kustomize gives each release a ConfigMap of its own name.
//
// The name is made in the cluster, from what the file holds after Flux's automation has set the image in it. So nothing
// in dist/ has to be compiled again after such an edit, and still no two releases have one name.

import { createHash } from 'node:crypto';
import type { Resource } from '../charts/custom-resource.ts';
import type { ICanary } from '../charts/flagger-types.ts';
import { RELEASE_ANNOTATION } from '../charts/release-identity.ts';
import type { SetterMarker } from '../charts/setter-marker.ts';

/** A YAML document, and the values in it that Flux may set. */
export interface MarkedDocument<Json = object> {
  json: Json;
  markers: readonly SetterMarker[];
}

/** A file that Flux does not apply: kustomize reads it. */
export interface FileForKustomize extends MarkedDocument {
  /** Its name in the folder: `kustomization.yaml`. */
  name: string;
}

/** The file with which kustomize begins. Without one, Flux takes every file of the folder for manifests. */
const KUSTOMIZATION_FILE = 'kustomization.yaml';

/** Where kustomize finds names to put in, beyond those it knows. */
const NAMES_FILE = 'names.yaml';

/** The part of a Deployment that matters here. */
interface Deployment extends Resource {
  spec: { template: PodTemplate };
}

interface PodTemplate {
  spec: { initContainers?: ContainerImage[]; containers: ContainerImage[] };
}

interface ContainerImage {
  name: string;
  image: string;
}

/** The lists of containers in a pod, in the order in which they run. */
const LISTS = ['initContainers', 'containers'] as const;

/**
 * The files for kustomize in the folder of an app: for each Canary that names a release, a file that differs from release
 * to release and becomes a ConfigMap, and what kustomize must know to do that.
 *
 * @param file the name of the file with the app's objects, which stands in the same folder
 * @param documents the objects, with their markers
 * @returns nothing where no Canary names a release: Flux then applies the folder as it is
 */
export function releaseFiles(
  file: string,
  documents: readonly MarkedDocument<Resource>[],
): FileForKustomize[] {
  const releases = documents.flatMap(({ json }) => (isCanary(json) ? releaseOf(json, documents) : []));
  if (releases.length === 0) return [];
  return [
    {
      name: KUSTOMIZATION_FILE,
      json: {
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        configMapGenerator: releases.map(({ configMap, namespace, name }) => ({
          name: configMap,
          // Only objects of one namespace know each other by name.
          namespace,
          files: [name],
        })),
        configurations: [NAMES_FILE],
        resources: [file],
      },
      markers: [],
    },
    {
      name: NAMES_FILE,
      json: {
        nameReference: [
          {
            kind: 'ConfigMap',
            version: 'v1',
            fieldSpecs: [
              {
                group: 'flagger.app',
                kind: 'Canary',
                path: `metadata/annotations/${RELEASE_ANNOTATION.replaceAll('/', '\\/')}`,
              },
            ],
          },
        ],
      },
      markers: [],
    },
    ...releases.map(({ name, json, markers }) => ({ name, json, markers })),
  ];
}

function isCanary({ apiVersion, kind }: Resource): boolean {
  return kind === 'Canary' && apiVersion.startsWith('flagger.app/');
}

interface Release extends FileForKustomize {
  configMap: string;
  namespace: string | undefined;
}

/** The release that a Canary names: none where it names none, as one written by hand may. */
function releaseOf(canary: Resource, documents: readonly MarkedDocument<Resource>[]): Release[] {
  const { name, namespace, annotations } = canary.metadata ?? {};
  const configMap = annotations?.[RELEASE_ANNOTATION];
  if (configMap === undefined) return [];
  const { targetRef } = (canary as ICanary).spec;
  const target = documents.find(
    ({ json: { kind, metadata } }) =>
      kind === targetRef.kind && metadata?.name === targetRef.name && metadata.namespace === namespace,
  );
  if (target === undefined) throw new Error(`the Canary ${name} has no ${targetRef.kind} ${targetRef.name}`);
  return [{ name: `${configMap}.yaml`, configMap, namespace, ...releaseDocument(target) }];
}

/** What changes with a release: the images, which Flux may set, and a hash of all else that the pods are made of. */
function releaseDocument({ json, markers }: MarkedDocument<Resource>): MarkedDocument {
  const { template } = (json as Deployment).spec;
  const containers: ContainerImage[] = [];
  const marked: SetterMarker[] = [];
  for (const list of LISTS) {
    for (const [index, { name, image }] of (template.spec[list] ?? []).entries()) {
      const path = ['spec', 'template', 'spec', list, index, 'image'];
      const marker = markers.find((own) => own.path.join('/') === path.join('/'));
      if (marker) marked.push({ path: ['containers', containers.length, 'image'], policy: marker.policy });
      containers.push({ image, name });
    }
  }
  return { json: { containers, template: `sha256:${hashWithoutImages(template)}` }, markers: marked };
}

/** Objects are compiled with sorted keys, so equal templates have one text. */
function hashWithoutImages(template: PodTemplate): string {
  const bare = LISTS.map((list) => template.spec[list]?.map(({ image: _, ...rest }) => rest) ?? null);
  const [initContainers, containers] = bare;
  const text = JSON.stringify({ ...template, spec: { ...template.spec, initContainers, containers } });
  return createHash('sha256').update(text).digest('hex');
}

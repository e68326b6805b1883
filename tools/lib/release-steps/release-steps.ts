// Which changes of dist/ drop traffic, or hang, when they arrive as one commit, and which two commits do the same safely.
//
// Flux applies what is in a commit first and then deletes what is no longer in it, without waiting for anything between.

import type { Finding } from '../check/finding.ts';
import { DocumentReader, groupKind, isManifest, splitDocuments } from '../diff/documents.ts';
import { type JsonObject, stringAt, valueAt } from '../diff/fields/json.ts';
import { Cluster } from '../diff/flags/cluster.ts';
import type { FilePair, TwoDists } from '../diff/read-dist.ts';
import { type ClusterChange, judgeCluster, judgeRemovals, judgeRings } from './removals.ts';
import { type Route, routesOf } from './routes.ts';

/** What is asked about one cluster. */
interface Change {
  cluster: string;
  /** Both sides of it, for look-ups. */
  whole: Cluster;
  /** The objects that are not word for word the same on both sides. */
  before: readonly Placed[];
  after: readonly Placed[];
}

/** An object, and the file in `dist/` that holds it. */
export interface Placed {
  file: string;
  object: JsonObject;
}

/** The kinds whose removal or change is judged. */
const JUDGED = new Set(['Service', 'flagger.app/Canary', 'networking.k8s.io/Ingress']);

/**
 * What in a change must not arrive as one commit.
 *
 * A cluster that is new is left alone: nobody uses anything of it yet.
 *
 * @param dists `dist/` as the main branch has it and as it is to be
 * @param ringsGone the rings that are no more, or have another name
 * @returns nothing when every step is safe
 */
export function releaseSteps({ changed, unchanged }: TwoDists, ringsGone: readonly string[] = []): Finding[] {
  const reader = new DocumentReader();
  const changedBy = Map.groupBy(changed, ({ path }) => clusterOf(path));
  const unchangedBy = Map.groupBy(unchanged, ([path]) => clusterOf(path));
  const changes = [...changedBy].map(([cluster, pairs]): ClusterChange => {
    const same = (unchangedBy.get(cluster) ?? []).map(([, text]) => text);
    const texts = {
      before: [...same, ...pairs.flatMap(({ before }) => before ?? [])],
      after: [...same, ...pairs.flatMap(({ after }) => after ?? [])],
    };
    return { cluster, pairs, texts };
  });
  return [
    ...changes.flatMap((change) => {
      const { cluster, pairs, texts } = change;
      if (texts.before.length === 0 || texts.after.length === 0) return judgeCluster(change, reader);
      const whole = new Cluster(reader, texts);
      return [...judge({ cluster, whole, ...differing(pairs, reader) }), ...judgeRemovals(change, reader)];
    }),
    ...judgeRings(ringsGone, changes),
  ];
}

function judge(change: Change): Finding[] {
  const removed = (kind: string) =>
    change.before.filter(({ object }) => groupKind(object) === kind && !isIn(change.after, object));
  return [
    ...removed('flagger.app/Canary').flatMap((canary) => judgeCanary(canary, change)),
    ...removed('Service').flatMap((service) => judgeService(service, change)),
    ...movedRoutes(change).flatMap((moved) => judgeMove(moved, change)),
  ];
}

/**
 * A Canary that goes. Flagger first scales its target up and gives it the Service, so the target must stay; and Flagger
 * must have been told before to do that.
 *
 * @see https://docs.flagger.app/usage/how-it-works#canary-finalizers
 */
function judgeCanary({ file, object }: Placed, { cluster, whole }: Change): Finding[] {
  const { kind, name } = targetOf(object);
  const handsBack = valueAt(object, 'spec', 'revertOnDeletion') === true;
  const namespace = stringAt(object, 'metadata', 'namespace');
  const canary = `Canary/${namespace}/${stringAt(object, 'metadata', 'name')}`;
  const app = file.split('/')[2] ?? name;
  const ready = `wait until Flux has applied it to ${cluster}`;
  if (!whole.holds('after', kind, namespace, name)) {
    // Without that it has no finalizer, and goes at once with all the rest.
    if (!handsBack) return [];
    return [
      finding(
        file,
        `${canary} goes together with its ${kind}, which Flagger wants ready before it lets the Canary go: it would hang in deletion for ever, and so would a namespace around it`,
        `give ${app} \`release: { strategy: 'rolling' }\` in config/platform.ts, and ${ready}`,
      ),
    ];
  }
  const service = stringAt(object, 'spec', 'service', 'name') ?? name;
  const isOurs = whole.holds('before', 'Service', namespace, service);
  if (handsBack && isOurs) return [];
  const free = `then take the Canary off Flagger's Service: kubectl -n ${namespace} patch service ${service} --type=json -p '[{"op": "remove", "path": "/metadata/ownerReferences"}]'`;
  return [
    finding(
      file,
      `${canary} goes without having been told to hand back: ${name}-primary, which serves, ${isOurs ? 'goes' : 'and the Service go'} with it while the ${kind} stands at zero`,
      [
        `keep the Canary and give it \`revertOnDeletion: true\`${isOurs ? '' : ` and dist/ the Service ${service}`}, as \`npm run synth\` does, and ${ready}`,
        ...(isOurs ? [] : [free]),
      ].join('; '),
    ),
  ];
}

/** A Service that goes while requests are sent to it: Flux deletes it before Flagger can make one of that name. */
function judgeService({ file, object }: Placed, { whole }: Change): Finding[] {
  const { namespace, name } = object.metadata as { namespace: string; name: string };
  const leads = whole
    .inNamespaceOf(object, 'networking.k8s.io/Ingress')
    .flatMap(routesOf)
    .find((route) => route.name === name);
  if (leads === undefined) return [];
  const wrong = `Service/${namespace}/${name} goes, and requests for ${leads.at} still go to it`;
  return [{ where: `dist/${file}`, says: `${wrong}; keep it in dist/ [release-steps]` }];
}

/** A route that another Ingress has from one commit to the next, or whose requests go to another Service. */
interface Move {
  file: string;
  from: Route & { file: string };
  to: Route;
}

function movedRoutes({ before, after }: Change): Move[] {
  const old = new Map(
    before.flatMap(({ file, object }) => routesOf(object).map((route) => [route.at, { ...route, file }])),
  );
  return after.flatMap(({ file, object }) =>
    routesOf(object).flatMap((to): Move[] => {
      const from = old.get(to.at);
      if (from === undefined || (from.service === to.service && from.ingress === to.ingress)) return [];
      return [{ file, from, to }];
    }),
  );
}

function judgeMove(move: Move, change: Change): Finding[] {
  return [...judgeIngress(move), ...judgePods(move, change)];
}

/**
 * The controller of Ingresses refuses a second one for a path while the first is there. Of two that stand in one folder Flux
 * deletes the first only when it has applied the second, so neither would ever happen.
 *
 * @see https://kubernetes.github.io/ingress-nginx/how-it-works/#avoiding-outage-from-wrong-configuration
 */
function judgeIngress({ file, from, to }: Move): Finding[] {
  if (from.ingress === to.ingress || folderOf(from.file) !== folderOf(file)) return [];
  const wrong = `Ingress/${to.ingress} takes ${to.at} over from Ingress/${from.ingress}, and is refused while that one is there`;
  return [{ where: `dist/${file}`, says: `${wrong}; keep the name of the Ingress [release-steps]` }];
}

/** Requests may move to pods that run, and not to those that the same commit brings: they take time to start. */
function judgePods(
  { file, to: { at, service, namespace, name } }: Move,
  { cluster, whole }: Change,
): Finding[] {
  // A Service that Flagger makes has the Canary's name.
  if (['Service', 'Canary'].some((kind) => whole.holds('before', kind, namespace, name))) return [];
  return [
    finding(
      file,
      `requests for ${at} go to ${service} at once, whose pods only start with this change`,
      `add ${service} beside what serves now, without the route, and wait until it is ready in ${cluster}`,
    ),
  ];
}

/** What one Kustomization applies: `prod-eu-west-1/apps/conduit`. */
function folderOf(file: string): string {
  return file.split('/').slice(0, 3).join('/');
}

function finding(file: string, wrong: string, first: string): Finding {
  return {
    where: `dist/${file}`,
    says: `${wrong}. Make two commits: 1. ${first}; 2. this change [release-steps]`,
  };
}

function targetOf(canary: JsonObject): { kind: string; name: string } {
  return {
    kind: stringAt(canary, 'spec', 'targetRef', 'kind') ?? 'Deployment',
    name: stringAt(canary, 'spec', 'targetRef', 'name') ?? '',
  };
}

function isIn(objects: readonly Placed[], object: JsonObject): boolean {
  return objects.some(({ object: other }) => identity(other) === identity(object));
}

function identity(object: JsonObject): string {
  const { metadata } = object;
  return [groupKind(object), stringAt(metadata, 'namespace'), stringAt(metadata, 'name')].join(' ');
}

/** The objects that are judged and that the other side does not have word for word. */
function differing(pairs: readonly FilePair[], reader: DocumentReader): Pick<Change, 'before' | 'after'> {
  const documents = (side: 'before' | 'after') =>
    pairs.flatMap(({ path: file, [side]: text = '' }) =>
      splitDocuments(text)
        .filter((document) => /^kind: (?:Canary|Ingress|Service)$/m.test(document))
        .map((document) => ({ file, document })),
    );
  const [before, after] = [documents('before'), documents('after')];
  const rest = (own: typeof before, other: typeof before): Placed[] => {
    const same = new Set(other.map(({ document }) => document));
    return own.flatMap(({ file, document }) => {
      if (same.has(document)) return [];
      const object = reader.read(document);
      return isManifest(object) && JUDGED.has(groupKind(object)) ? [{ file, object }] : [];
    });
  };
  return { before: rest(before, after), after: rest(after, before) };
}

function clusterOf(path: string): string {
  return path.split('/', 1)[0] ?? '';
}

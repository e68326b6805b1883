// A cluster with Flux, Karpenter, operators and controllers that do, on the world's clock, what the real ones would.
import { UserError } from '../../user-error.ts';
import type { KubernetesObject } from '../destroy/objects.ts';
import type { World } from './world.ts';

type Fake = KubernetesObject & { since?: number };

/** Kinds by the first part of what kubectl takes for them. */
const ALIASES: Readonly<Record<string, string>> = { statefulset: 'statefulsets', prometheus: 'prometheuses' };

const named = (name: string, namespace?: string, more: Partial<Fake> = {}): Fake => ({
  metadata: { name, ...(namespace !== undefined && { namespace }) },
  ...more,
});

export class FakeCluster {
  private readonly world: World;
  private readonly objects = new Map<string, Map<string, Fake>>();
  private ticks = 0;
  private withoutRoute = 0;

  constructor(world: World) {
    this.world = world;
    this.add('fluxinstances', named('flux', 'flux-system'));
    this.add('kustomizations', named('flux-system', 'flux-system'));
  }

  has(kind: string): boolean {
    return this.all(kind).length > 0;
  }

  kubectl(args: readonly string[]): string {
    const [verb, resource = '', name] = args;
    if (verb === 'auth') return 'yes';
    const kind = kindOf(resource);
    if (kind === 'gateways')
      throw new UserError(`kubectl get: error: the server doesn't have a resource type "gateways"`);
    if (verb === 'get' && args.includes('--all-namespaces')) return JSON.stringify({ items: this.all(kind) });
    const namespace = args[args.indexOf('--namespace') + 1];
    const id = args.includes('--namespace') ? `${namespace}/${name}` : String(name);
    const object = this.objects.get(kind)?.get(id);
    if (verb === 'get') return object === undefined ? '' : JSON.stringify(object);
    if (verb === 'patch' && object) {
      object.spec = { ...object.spec, ...JSON.parse(args.at(-1) ?? '{}').spec };
      this.world.log.push(`suspend ${kind} ${id}`);
    }
    if (verb === 'delete' && object && object.since === undefined) {
      object.since = this.ticks;
      this.world.log.push(`delete ${kind} ${id}`);
    }
    return '';
  }

  tick(): void {
    this.ticks += 1;
    this.flux();
    this.operators();
    this.finish();
  }

  /** Applies what git says, unless it is suspended; the root also undoes what somebody has changed about the others. */
  private flux(): void {
    if (this.runs('kustomizations', 'flux-system/flux-system')) {
      for (const name of ['platform', 'apps']) {
        const there = this.get('kustomizations', `flux-system/${name}`);
        if (there) delete there.spec;
        else this.add('kustomizations', named(name, 'flux-system'));
      }
    }
    this.children();
  }

  private children(): void {
    if (this.runs('kustomizations', 'flux-system/platform')) {
      const release = this.get('helmreleases', 'edge/nginx');
      if (release) delete release.spec;
      else this.add('helmreleases', named('nginx', 'edge'));
      this.ensure('nodepools', named('spot'));
      this.ensure('ec2nodeclasses', named('bottlerocket'));
      this.ensure('prometheuses', named('main', 'monitoring'));
      this.ensure('poddisruptionbudgets', named('web', 'web'));
    }
    if (this.runs('kustomizations', 'flux-system/apps')) this.ensure('ingresses', named('web', 'web'));
    if (this.runs('helmreleases', 'edge/nginx')) {
      this.ensure('services', named('nginx', 'edge', { spec: { type: 'LoadBalancer' } }));
      this.ensure('services', named('web', 'web', { spec: { type: 'ClusterIP' } }));
    }
  }

  private operators(): void {
    const { made } = this.world;
    if (this.lives('prometheuses', 'monitoring/main')) {
      const owner = {
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'Prometheus',
        name: 'main',
        controller: true,
      };
      this.ensure('statefulsets', {
        metadata: { name: 'main', namespace: 'monitoring', ownerReferences: [owner] },
      });
    }
    if (this.lives('statefulsets', 'monitoring/main')) {
      const owner = { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'main', controller: true };
      this.ensure('pods', {
        metadata: { name: 'main-0', namespace: 'monitoring', ownerReferences: [owner] },
        spec: { volumes: [{}, { persistentVolumeClaim: { claimName: 'data' } }] },
      });
      this.ensure('persistentvolumeclaims', named('data', 'monitoring'));
    }
    if (this.lives('persistentvolumeclaims', 'monitoring/data')) made.volumes.add('vol-1');
    if (this.lives('services', 'edge/nginx')) made.loadBalancers.add('nginx');
    if (this.lives('ingresses', 'web/web')) made.records.add('web.dev.slipway.example.');
    if (this.lives('nodepools', 'spot')) {
      this.ensure('nodeclaims', named('spot-1'));
      made.instances.add('i-1');
    }
  }

  /** What was asked to go, and whose controller is done with it. */
  private finish(): void {
    const { made, options } = this.world;
    this.end('ingresses', 1, () => true);
    this.withoutRoute = this.has('ingresses') ? 0 : this.withoutRoute + 1;
    // external-dns looks now and then, for as long as it has a node to run on.
    if (this.withoutRoute > 20 && made.instances.size > 0) made.records.clear();
    this.end('services', 2, () => !options.stuckLoadBalancer && made.loadBalancers.delete('nginx'));
    this.end('prometheuses', 0, () => this.drop('statefulsets', 'monitoring/main'));
    this.end('statefulsets', 0, () => true);
    if (!this.has('statefulsets')) this.drop('pods', 'monitoring/main-0');
    if (!this.has('pods')) this.end('persistentvolumeclaims', 1, () => made.volumes.delete('vol-1'));
    this.end('poddisruptionbudgets', 0, () => true);
    this.end('nodepools', 1, () => true);
    // As long as a budget says that a pod must stay, its node does.
    if (!this.has('poddisruptionbudgets')) {
      this.end('nodeclaims', 2, () => {
        made.networkInterfaces.add('eni-1');
        return made.instances.delete('i-1');
      });
    }
    if (!this.has('nodeclaims')) this.end('ec2nodeclasses', 1, () => true);
    this.end('fluxinstances', 1, () => {
      for (const kind of ['kustomizations', 'helmreleases']) this.objects.delete(kind);
      return true;
    });
  }

  private end(kind: string, after: number, clear: () => unknown): void {
    for (const [id, { since }] of this.objects.get(kind) ?? []) {
      if (since !== undefined && this.ticks > since + after && clear() !== false) this.drop(kind, id);
    }
  }

  private runs(kind: string, id: string): boolean {
    const object = this.get(kind, id);
    return object !== undefined && object.spec?.suspend !== true;
  }

  private lives(kind: string, id: string): boolean {
    const object = this.get(kind, id);
    return object !== undefined && object.since === undefined;
  }

  private get(kind: string, id: string): Fake | undefined {
    return this.objects.get(kind)?.get(id);
  }

  private all(kind: string): Fake[] {
    const known = [...(this.objects.get(kind) ?? [])];
    return known.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object);
  }

  private ensure(kind: string, object: Fake): void {
    if (this.get(kind, idOf(object)) === undefined) this.add(kind, object);
  }

  private add(kind: string, object: Fake): void {
    const known = this.objects.get(kind) ?? new Map<string, Fake>();
    this.objects.set(kind, known.set(idOf(object), object));
  }

  private drop(kind: string, id: string): boolean {
    return this.objects.get(kind)?.delete(id) ?? false;
  }
}

function idOf({ metadata: { name, namespace } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

function kindOf(resource: string): string {
  const [kind = ''] = resource.toLowerCase().split('.');
  return ALIASES[kind] ?? kind;
}

// A cluster with a mesh, as far as the rotation of its anchor is concerned: it answers kubectl, its controllers work when
// they please, and its certificates are real ones, made and verified by openssl.
import { createHash } from 'node:crypto';
import { hashOf, ROOTS_ANNOTATION } from '../read-state.ts';
import type { Openssl, Pair } from './openssl.ts';

/** What kubectl is given to create. */
interface Created {
  metadata: { name: string; labels: Record<string, string> };
  data: Record<string, string>;
}

/** A merge patch, as far as any is made. */
interface Change {
  metadata?: { labels?: Record<string, unknown>; annotations?: Record<string, unknown> };
  spec?: {
    ca?: { secretName: string };
    template?: { metadata: { annotations: Record<string, string> } };
  };
}

const HOUR_MS = 3_600_000;

interface Pod {
  name: string;
  workload?: Workload;
  namespace: string;
  /** The roots that its proxy was started with. */
  trusts: string;
  /** What it shows. */
  identity: { crt: string; by: string; since: number };
  annotations: Record<string, string>;
}

interface Workload {
  kind: 'DaemonSet' | 'Deployment' | 'StatefulSet';
  namespace: string;
  name: string;
  roots?: string;
}

interface Secret extends Pair {
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

const WORKLOADS: readonly Workload[] = [
  { kind: 'Deployment', namespace: 'linkerd', name: 'linkerd-identity' },
  { kind: 'Deployment', namespace: 'linkerd', name: 'linkerd-proxy-injector' },
  { kind: 'Deployment', namespace: 'conduit', name: 'conduit-primary' },
  { kind: 'StatefulSet', namespace: 'shop', name: 'cart' },
  { kind: 'DaemonSet', namespace: 'ingress-nginx', name: 'ingress-nginx' },
];

/** What its controllers, its nodes and time may do at any moment. */
export const EVENTS = [
  'cert-manager',
  'trust-manager',
  'kubelet',
  'roll',
  'crash',
  'renew',
  'clock',
  'job',
] as const;
export type Event = (typeof EVENTS)[number];

/** The cluster. Each change of it is followed by a look whether all pods still trust each other. */
export class FakeCluster {
  readonly #openssl: Openssl;
  readonly secrets = new Map<string, Secret>();
  readonly issuing = new Set<string>();
  readonly signer = {
    secret: 'linkerd-trust-anchor',
    generation: 1,
    observed: 1,
    uses: 'linkerd-trust-anchor',
    annotations: {} as Record<string, unknown>,
  };
  canary = 'Succeeded';
  bundle = '';
  now = Date.now();
  pods: Pod[] = [];
  /** How often something was changed by kubectl. */
  writes = 0;
  /** Which of the writes is interrupted, and whether before or after it has had its effect. @default none */
  interruptAt: { write: number; when: 'before' | 'after' } | undefined;
  readonly #workloads = WORKLOADS.map((workload): Workload => ({ ...workload }));
  /** The bundle as the injector's pods have it mounted, which is behind for a while. */
  #mounted = '';
  #serial = 0;
  #roots = 0;
  #issuers = 0;
  #days = 0;

  constructor(openssl: Openssl) {
    this.#openssl = openssl;
    this.secrets.set('linkerd-trust-anchor', {
      ...openssl.root(this.#roots++, this.now - 30 * 24 * HOUR_MS),
      labels: {},
      annotations: {},
    });
    this.#issueIdentityIssuer();
    this.#handOut();
    this.#mounted = this.bundle;
    for (const workload of this.#workloads) this.pods.push(this.#start(workload), this.#start(workload));
    this.pods.push(this.#start(undefined));
  }

  /** The anchor in use, as PEM. */
  get anchor(): string {
    return this.#secret('linkerd-trust-anchor').crt;
  }

  /** Lets something happen that may happen by itself; nothing, if there is nothing of its kind to do. */
  happen(event: Event, choice: number): void {
    const one = <T>(list: readonly T[]): T | undefined => list[choice % list.length];
    const pod = one(this.pods);
    switch (event) {
      case 'cert-manager':
        if (this.signer.observed < this.signer.generation) {
          this.signer.observed = this.signer.generation;
          this.signer.uses = this.signer.secret;
        } else if (this.issuing.delete('linkerd-trust-anchor')) {
          this.secrets.set('linkerd-trust-anchor', {
            ...this.#openssl.root(this.#roots++, this.now),
            labels: {},
            annotations: {},
          });
        } else if (this.issuing.delete('linkerd-identity-issuer')) this.#issueIdentityIssuer();
        break;
      case 'trust-manager':
        this.#handOut();
        break;
      case 'kubelet':
        this.#mounted = this.bundle;
        break;
      case 'roll': {
        const old = one(this.pods.filter((other) => this.#isOld(other)));
        if (old) this.#replace(old);
        break;
      }
      case 'crash':
        if (pod) this.#replace(pod);
        break;
      case 'renew':
        if (pod) pod.identity = this.#identity();
        break;
      case 'clock':
        // As cert-manager does by itself, every day; a rotation is over in a few.
        if (this.#days++ < 4) this.issuing.add('linkerd-identity-issuer');
        break;
      case 'job':
        this.pods = this.pods.filter((other) => other.workload !== undefined);
        break;
    }
    this.check();
  }

  /** Goes on to a later time, by when everybody has got a new identity. */
  sleepUntil(time: Date): void {
    this.now = time.getTime();
    for (const pod of this.pods) {
      if (this.now - pod.identity.since >= 24 * HOUR_MS) pod.identity = this.#identity();
    }
    this.check();
  }

  /** Throws when a pod does not trust what another one shows. */
  check(): void {
    const shown = new Map(this.pods.map((pod) => [pod.identity.crt, pod]));
    const looking = new Map(this.pods.map((pod) => [pod.trusts, pod]));
    for (const shows of shown.values()) {
      for (const looks of looking.values()) {
        const complaint = this.#openssl.complaint(shows.identity.crt, shows.identity.by, looks.trusts);
        if (complaint !== '') throw new Error(`${looks.name} does not trust ${shows.name}: ${complaint}`);
      }
    }
  }

  /** Answers as kubectl would. */
  readonly kubectl = async (args: readonly string[], input = ''): Promise<string> => {
    const [verb = '', ...rest] = args;
    const flag = (name: string) => rest[rest.indexOf(name) + 1] ?? '';
    if (verb === 'get') return JSON.stringify(this.#get(rest));
    this.writes++;
    const isHere = this.interruptAt?.write === this.writes;
    if (isHere && this.interruptAt?.when === 'before') throw new Interruption();
    const [kind, name = ''] = rest;
    if (verb === 'create') this.#create(JSON.parse(input));
    else if (verb === 'delete') this.secrets.delete(name);
    else if (verb === 'patch')
      this.#patch(kind ?? '', name, flag('--namespace'), JSON.parse(flag('--patch')));
    else throw new Error(`kubectl ${args.join(' ')}`);
    this.check();
    if (isHere) throw new Interruption();
    return '';
  };

  #create({ metadata, data }: Created): void {
    if (this.secrets.has(metadata.name)) throw new Error(`${metadata.name} already exists`);
    const [crt, key] = ['tls.crt', 'tls.key'].map((name) =>
      Buffer.from(data[name] ?? '', 'base64').toString(),
    );
    this.secrets.set(metadata.name, {
      crt: crt ?? '',
      key: key ?? '',
      labels: metadata.labels,
      annotations: {},
    });
  }

  #patch(kind: string, name: string, namespace: string, change: Change): void {
    if (kind.startsWith('clusterissuers')) {
      Object.assign(this.signer.annotations, change.metadata?.annotations);
      const secret = change.spec?.ca?.secretName ?? '';
      if (this.signer.secret !== secret) this.signer.generation++;
      this.signer.secret = secret;
    } else if (kind.startsWith('certificates')) this.issuing.add(name);
    else if (kind === 'secrets') {
      const secret = this.#secret(name);
      for (const field of ['labels', 'annotations'] as const) {
        for (const [key, value] of Object.entries(change.metadata?.[field] ?? {})) {
          if (value === null) delete secret[field][key];
          else secret[field][key] = String(value);
        }
      }
    } else {
      const workload = this.#workloads.find(
        (one) => one.kind.toLowerCase() === kind && one.name === name && one.namespace === namespace,
      );
      if (workload === undefined) throw new Error(`no ${kind} ${namespace}/${name}`);
      const roots = change.spec?.template?.metadata.annotations[ROOTS_ANNOTATION];
      if (roots !== undefined) workload.roots = roots;
    }
  }

  #get([kind = '', second = '']: readonly string[]): unknown {
    const name = second.startsWith('--') ? '' : second;
    if (kind === 'secrets') return this.#secretJson(name);
    if (kind.startsWith('certificates')) {
      const conditions = [
        { type: 'Ready', status: 'True' },
        ...(this.issuing.has(name) ? [{ type: 'Issuing', status: 'True' }] : []),
      ];
      return { kind: 'Certificate', metadata: { name, generation: 1 }, status: { conditions } };
    }
    if (kind.startsWith('clusterissuers')) {
      const { secret, generation, observed } = this.signer;
      const conditions = [{ type: 'Ready', status: 'True', observedGeneration: observed }];
      return {
        kind: 'ClusterIssuer',
        metadata: { name, generation },
        spec: { ca: { secretName: secret } },
        status: { conditions },
      };
    }
    if (kind === 'configmaps')
      return { kind: 'ConfigMap', metadata: { name }, data: { 'ca-bundle.crt': this.bundle } };
    if (kind === 'pods') return { items: this.pods.map((pod) => this.#podJson(pod)) };
    if (kind.startsWith('canaries')) {
      return {
        items: [
          {
            kind: 'Canary',
            metadata: { name: 'conduit', namespace: 'conduit' },
            status: { phase: this.canary },
          },
        ],
      };
    }
    return { items: this.#workloads.flatMap((workload) => this.#workloadJson(workload)) };
  }

  #secretJson(name: string): unknown {
    const secret = this.secrets.get(name);
    if (secret === undefined) return { items: [] };
    const encoded = (text: string) => Buffer.from(text).toString('base64');
    const { labels, annotations, crt, key } = secret;
    return {
      kind: 'Secret',
      metadata: { name, labels, annotations },
      data: { 'tls.crt': encoded(crt), 'tls.key': encoded(key) },
    };
  }

  /** A Deployment owns its pods by way of a ReplicaSet. */
  #workloadJson({ kind, namespace, name, roots }: Workload): unknown[] {
    const template = { metadata: { annotations: roots === undefined ? {} : { [ROOTS_ANNOTATION]: roots } } };
    const workload = { kind, metadata: { name, namespace }, spec: { template } };
    if (kind !== 'Deployment') return [workload];
    const ownerReferences = [{ kind, name, controller: true }];
    return [workload, { kind: 'ReplicaSet', metadata: { name: `${name}-1`, namespace, ownerReferences } }];
  }

  #podJson({ name, namespace, workload, annotations }: Pod): unknown {
    const kind = workload?.kind === 'Deployment' ? 'ReplicaSet' : workload?.kind;
    const by = workload?.kind === 'Deployment' ? `${workload.name}-1` : workload?.name;
    const ownerReferences = [
      workload ? { kind, name: by, controller: true } : { kind: 'Job', name: 'once', controller: true },
    ];
    return {
      kind: 'Pod',
      metadata: { name, namespace, annotations, ownerReferences },
      status: { phase: 'Running' },
    };
  }

  #isOld({ workload, annotations }: Pod): boolean {
    return workload?.roots !== undefined && annotations[ROOTS_ANNOTATION] !== workload.roots;
  }

  #replace(pod: Pod): void {
    if (pod.workload === undefined) return;
    this.pods[this.pods.indexOf(pod)] = this.#start(pod.workload);
  }

  #start(workload: Workload | undefined): Pod {
    const namespace = workload?.namespace ?? 'conduit';
    const isControlPlane = namespace === 'linkerd';
    if (workload?.name === 'linkerd-proxy-injector') this.#mounted = this.bundle;
    const trusts = isControlPlane ? this.bundle : this.#mounted;
    return {
      name: `${workload?.name ?? 'once'}-${++this.#serial}`,
      namespace,
      ...(workload && { workload }),
      trusts,
      identity: this.#identity(),
      annotations: {
        ...(workload?.roots !== undefined && { [ROOTS_ANNOTATION]: workload.roots }),
        ...(!isControlPlane && { 'linkerd.io/trust-root-sha256': hashOf(trusts) }),
      },
    };
  }

  #identity(): Pod['identity'] {
    const issuer = this.#secret('linkerd-identity-issuer');
    return { crt: this.#openssl.leaf(issuer).crt, by: issuer.crt, since: this.now };
  }

  #issueIdentityIssuer(): void {
    const pair = this.#openssl.issuer(this.#issuers++, this.#secret(this.signer.uses));
    this.secrets.set('linkerd-identity-issuer', { ...pair, labels: {}, annotations: {} });
  }

  /** The anchor, and what is labelled to be trusted beside it; each once, in an order of its own. */
  #handOut(): void {
    const trusted = [...this.secrets].filter(
      ([name, { labels }]) =>
        name === 'linkerd-trust-anchor' || labels['slipway.dev/mesh-anchor'] === 'previous',
    );
    const certificates = new Set(trusted.map(([, { crt }]) => crt));
    const hash = (text: string) => createHash('sha256').update(text).digest('hex');
    this.bundle = [...certificates].sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).join('');
  }

  #secret(name: string): Secret {
    const secret = this.secrets.get(name);
    if (secret === undefined) throw new Error(`no Secret ${name}`);
    return secret;
  }
}

/** Stands for a person's Ctrl-C, or the end of a connection. */
export class Interruption extends Error {}

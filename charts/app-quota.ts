import { KubeLimitRange, KubeResourceQuota, Quantity } from 'cdk8s-plus-28/lib/imports/k8s.js';
import { Construct, type IConstruct } from 'constructs';
import { CoreResource } from './custom-resource.ts';
import { addServiceQuota } from './service-quota.ts';
import { WebService } from './web-service.ts';

/** The most that a mesh proxy asks for, beside each of its pods' containers. */
export const PROXY = { cpu: '100m', memory: '20Mi', memoryLimit: '250Mi' };

/** What a container gets that says nothing: what somebody else put into a pod, such as a proxy. */
const DEFAULTS = { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } };

/** Deployments let a quarter of their pods be there besides while they exchange them. */
const SURGE = 0.25;

/** Kinds that run pods; those of a {@link WebService} are counted, those of anything else could not be. */
const POD_MAKERS = ['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'];

export interface AppQuotaProps {
  namespace: string;
  /** Where to look for what runs there: the app's chart. */
  of: IConstruct;
}

/**
 * The most that an app may take of its cluster, so that a mistake in it is no mistake of all.
 *
 * It is no budget, and never in the way: each service may run all its pods twice, since a release runs as many of the new
 * version as of the old one; each of the two may exchange them all at once, while those that go have not yet gone.
 */
export class AppQuota extends Construct {
  constructor(scope: Construct, id: string, { namespace, of }: AppQuotaProps) {
    super(scope, id);
    // Users come in by the platform's door.
    addServiceQuota(this, namespace, 0);
    new CoreResource(this, 'defaults', KubeLimitRange, {
      metadata: { name: 'defaults', namespace },
      spec: {
        limits: [
          {
            type: 'Container',
            defaultRequest: quantities(DEFAULTS.requests),
            default: quantities(DEFAULTS.limits),
          },
        ],
      },
    });
    const services = of.node.findAll().filter((construct) => construct instanceof WebService);
    if (services.length === 0 || runsSomethingElse(of)) return;
    const most = services.map(mostOf);
    const sum = (field: keyof Most) => most.reduce((total, own) => total + own[field], 0);
    new CoreResource(this, 'quota', KubeResourceQuota, {
      metadata: { name: 'pods', namespace },
      spec: {
        hard: {
          pods: Quantity.fromString(String(sum('pods'))),
          'requests.cpu': Quantity.fromString(`${sum('cpuMillis')}m`),
          'requests.memory': Quantity.fromString(`${sum('memoryMi')}Mi`),
          'limits.memory': Quantity.fromString(`${sum('memoryLimitMi')}Mi`),
        },
      },
    });
  }
}

/** What a service takes when all that can happen to it happens at once. */
interface Most {
  pods: number;
  cpuMillis: number;
  memoryMi: number;
  memoryLimitMi: number;
}

function mostOf({ settings: { replicas, release, cpu, memory } }: WebService): Most {
  const { max } = replicas;
  const deployments = release.strategy === 'rolling' ? 1 : 2;
  const pods = deployments * (max + Math.ceil(max * SURGE) + max);
  return {
    pods,
    cpuMillis: pods * (millis(cpu) + millis(PROXY.cpu)),
    memoryMi: pods * (mebibytes(memory) + mebibytes(PROXY.memory)),
    memoryLimitMi: pods * (mebibytes(memory) + mebibytes(PROXY.memoryLimit)),
  };
}

/** Whether an app runs pods of its own making. */
function runsSomethingElse(of: IConstruct): boolean {
  const isOfService = ({ node }: IConstruct) => node.scopes.some((scope) => scope instanceof WebService);
  return of.node
    .findAll()
    .some(
      (construct) =>
        'kind' in construct && POD_MAKERS.includes(String(construct.kind)) && !isOfService(construct),
    );
}

/** Thousandths of a core, of a quantity such as `100m` or `1.5`. */
function millis(quantity: string): number {
  return quantity.endsWith('m') ? Number.parseFloat(quantity) : Number.parseFloat(quantity) * 1000;
}

const UNITS: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Mebibytes, rounded up, of a quantity such as `192Mi` or `1Gi`. */
function mebibytes(quantity: string): number {
  const unit = /[A-Za-z]+$/.exec(quantity)?.[0];
  const bytes = Number.parseFloat(quantity) * (unit === undefined ? 1 : (UNITS[unit] ?? Number.NaN));
  return Math.ceil(bytes / 2 ** 20);
}

function quantities(values: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, Quantity.fromString(value)]));
}

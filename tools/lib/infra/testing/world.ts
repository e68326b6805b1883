// A small AWS with one cluster in it, for tests: it answers calls in the shapes of AWS's and Kubernetes' own APIs, does what
// controllers do on its own clock, and knows what must not happen.
import type { Aws } from '../aws/aws.ts';
import { AwsError } from '../aws/aws-error.ts';
import type { Clock } from '../clock.ts';
import type { Cdk } from '../deploy/cdk.ts';
import type { Stack } from '../stacks.ts';
import type { Template } from '../templates.ts';
import { FakeCluster } from './fake-cluster.ts';

export const ACCOUNT = '111111111111';
export const REGION = 'eu-west-1';
export const CLUSTER = 'dev-eu-west-1';
export const DOMAIN = 'dev.slipway.example';

const NAME_SERVERS = ['ns-1.awsdns-01.org', 'ns-2.awsdns-02.com'];

/** Thrown by whichever call a run is stopped at. */
export class Killed extends Error {}

export interface WorldOptions {
  /** Whether the database leaves a snapshot. @default false */
  keepsData?: boolean;
  /** The stack whose next deployment fails. */
  failing?: string;
  /** Load balancers stay when their Service goes. */
  stuckLoadBalancer?: boolean;
  /** AWS gives a template back in other characters than it was given. */
  garbles?: string;
  /** Every third call is asked to come again. */
  throttles?: boolean;
}

interface FakeStack {
  status: string;
  /** When what is under way comes to its end, on the world's clock. */
  endsAt: number;
  template: Template | undefined;
  reasons: string[];
}

const TICK = 10_000;

export class World {
  now = 0;
  calls = 0;
  /** The call at which a run is stopped: before it has had its effect, or right after. */
  killAt: { call: number; when: 'before' | 'after' } | undefined;
  /** Everything that changed something, in order. */
  readonly log: string[] = [];
  /** What must not happen, and did. */
  readonly violations: string[] = [];
  readonly stacks = new Map<string, FakeStack>();
  readonly bootstrapped = new Map<string, number>();
  readonly snapshots: string[] = [];
  readonly logGroups = new Set<string>();
  readonly known: string[] = [...NAME_SERVERS];
  eks: { status: string; isProtected: boolean; readyAt: number } | undefined;
  database: { status: string; isProtected: boolean; readyAt: number } | undefined;
  cluster: FakeCluster | undefined;
  /** What the cluster's controllers have made; it outlives the cluster. */
  readonly made = {
    loadBalancers: new Set<string>(),
    records: new Set<string>(),
    volumes: new Set<string>(),
    instances: new Set<string>(),
    networkInterfaces: new Set<string>(),
  };
  readonly described: readonly Stack[];
  readonly templates: ReadonlyMap<string, Template>;
  readonly options: WorldOptions;

  constructor(options: WorldOptions = {}) {
    this.options = options;
    this.described = STACKS;
    this.templates = new Map(STACKS.map(({ name }) => [name, templateOf(name)]));
  }

  /** One in which everything runs. */
  static running(options: WorldOptions = {}): World {
    const world = new World(options);
    for (const stack of world.described) {
      world.stacks.set(stack.name, standing(world.templates.get(stack.name)));
      world.afterCreation(stack.name);
    }
    for (let tick = 0; tick < 10; tick++) world.tick();
    world.log.length = 0;
    return world;
  }

  readonly clock: Clock = {
    now: () => this.now,
    sleep: async (ms) => {
      for (let left = ms; left > 0; left -= TICK) this.tick();
    },
  };

  readonly aws: Aws = async (region, operation, input = {}) =>
    this.call(`aws ${operation}`, () => {
      if (this.options.throttles && this.calls % 3 === 0)
        throw new AwsError('ThrottlingException', 'Rate exceeded');
      return answer(this, region, operation, input as Record<string, never>);
    });

  readonly cdk: Cdk = async ([verb = '', what = '']) => {
    const isOk = await this.call(`cdk ${verb}`, () => this.begin(verb, what));
    if (!isOk) return 1;
    // The CDK waits for CloudFormation, which goes on by itself if the CDK is stopped.
    while (verb === 'deploy' && this.stacks.get(what)?.status.endsWith('_IN_PROGRESS')) {
      await this.call('cdk waits', () => undefined);
      this.tick();
    }
    return verb === 'deploy' && !/^(CREATE|UPDATE)_COMPLETE$/.test(this.stacks.get(what)?.status ?? '')
      ? 1
      : 0;
  };

  readonly kubectl = async (args: readonly string[]): Promise<string> =>
    this.call(`kubectl ${args[0]}`, () => {
      if (this.cluster === undefined) throw new Error(`no cluster for: kubectl ${args.join(' ')}`);
      return this.cluster.kubectl(args);
    });

  /** What costs money and nobody wants to keep. */
  get costs(): string[] {
    return [
      ...[...this.stacks.keys()].filter((name) => name.startsWith(CLUSTER)),
      ...(this.eks ? ['cluster'] : []),
      ...(this.database ? ['database'] : []),
      ...Object.values(this.made).flatMap((things) => [...things]),
      ...this.logGroups,
    ];
  }

  /** The ends of two runs are the same when this is. */
  get endState(): object {
    return {
      stacks: [...this.stacks].map(([name, { status }]) => `${name} ${status}`),
      snapshots: this.snapshots,
      costs: this.costs,
      bootstrapped: [...this.bootstrapped],
    };
  }

  private async call<T>(_: string, effect: () => T): Promise<T> {
    this.calls += 1;
    const kill = this.killAt?.call === this.calls ? this.killAt.when : undefined;
    if (kill === undefined) return effect();
    if (kill === 'after') {
      try {
        effect();
      } catch {
        // Whatever it answered, nobody has heard it.
      }
    }
    throw new Killed();
  }

  tick(): void {
    this.now += TICK;
    for (const busy of [this.eks, this.database]) {
      if (busy && busy.readyAt <= this.now) busy.status = busy === this.eks ? 'ACTIVE' : 'available';
    }
    for (const [name, stack] of this.stacks) if (stack.endsAt <= this.now) this.end(name, stack);
    this.cluster?.tick();
  }

  /** `cdk bootstrap` and what `cdk deploy` does first. */
  private begin(verb: string, what: string): boolean {
    this.log.push(`${verb} ${what}`);
    if (verb === 'bootstrap') {
      this.bootstrapped.set(what.split('/').at(-1) ?? '', 21);
      return true;
    }
    const { dependsOn = [], region = '' } = this.described.find(({ name }) => name === what) ?? {};
    if (!this.bootstrapped.has(region)) this.violations.push(`${what} before its region was prepared`);
    for (const other of dependsOn) {
      if (!/^(CREATE|UPDATE)_COMPLETE$/.test(this.stacks.get(other)?.status ?? ''))
        this.violations.push(`${what} before ${other}`);
    }
    const there = this.stacks.get(what);
    if (there?.status.endsWith('_IN_PROGRESS')) this.violations.push(`${what} while it was under way`);
    const status = there === undefined || there.status === 'ROLLBACK_COMPLETE' ? 'CREATE' : 'UPDATE';
    this.stacks.set(what, {
      status: `${status}_IN_PROGRESS`,
      endsAt: this.now + 3 * TICK,
      template: this.templates.get(what),
      reasons: [],
    });
    return true;
  }

  private end(name: string, stack: FakeStack): void {
    stack.endsAt = Number.POSITIVE_INFINITY;
    if (stack.status === 'DELETE_IN_PROGRESS') {
      this.endDeletion(name, stack);
      return;
    }
    if (this.options.failing === name) {
      delete this.options.failing;
      stack.status = 'ROLLBACK_COMPLETE';
      stack.reasons = ['You have reached your limit of Elastic IPs'];
      return;
    }
    stack.status = stack.status.replace('_IN_PROGRESS', '_COMPLETE');
    if (stack.status === 'CREATE_COMPLETE') this.afterCreation(name);
  }

  private afterCreation(name: string): void {
    const ready = { isProtected: true, readyAt: 0 };
    if (name === `${CLUSTER}-cluster`) this.eks = { ...ready, status: 'ACTIVE' };
    if (name === `${CLUSTER}-data`) this.database = { ...ready, status: 'available' };
    if (name === `${CLUSTER}-bootstrap`) this.cluster = new FakeCluster(this);
  }

  deleteStack(name: string): void {
    this.log.push(`delete ${name}`);
    const stack = this.stacks.get(name);
    if (stack === undefined) return;
    stack.status = 'DELETE_IN_PROGRESS';
    stack.endsAt = this.now + 3 * TICK;
  }

  private endDeletion(name: string, stack: FakeStack): void {
    const why = this.whyNot(name);
    if (why !== undefined) {
      stack.status = 'DELETE_FAILED';
      stack.reasons = [why];
      return;
    }
    if (name === `${CLUSTER}-bootstrap` && this.cluster && this.cluster.has('fluxinstances'))
      this.violations.push('the operator of Flux went before Flux');
    if (name === `${CLUSTER}-cluster`) {
      if (this.made.instances.size > 0) this.violations.push('nodes without a cluster');
      // It writes its last lines when its own log group is gone.
      this.logGroups.add(`/aws/eks/${CLUSTER}/cluster`);
      this.eks = undefined;
      this.cluster = undefined;
    }
    if (name === `${CLUSTER}-data`) {
      if (this.options.keepsData) this.snapshots.push(`${CLUSTER}-data-snapshot-database`);
      this.database = undefined;
    }
    this.stacks.delete(name);
  }

  /** What CloudFormation would find in its way. */
  private whyNot(name: string): string | undefined {
    const user = this.described.find(
      (other) => other.dependsOn.includes(name) && this.stacks.has(other.name),
    );
    if (user) return `Export is in use by ${user.name}`;
    if (name === `${CLUSTER}-cluster` && this.eks?.isProtected)
      return 'The cluster has deletion protection enabled';
    if (name === `${CLUSTER}-cluster` && this.eks?.status === 'UPDATING')
      return 'The cluster has an update in progress';
    if (name === `${CLUSTER}-data` && this.database?.status === 'modifying')
      return 'The instance is not available';
    if (name === `${CLUSTER}-data` && this.database?.isProtected)
      return 'Cannot delete protected DB Instance';
    const { loadBalancers, instances, networkInterfaces } = this.made;
    const inside = [...loadBalancers, ...instances, ...networkInterfaces];
    if (name === `${CLUSTER}-network` && inside.length > 0)
      return `The subnet has dependencies: ${inside.join(', ')}`;
    return undefined;
  }
}

function standing(template: Template | undefined): FakeStack {
  return { status: 'CREATE_COMPLETE', endsAt: Number.POSITIVE_INFINITY, template, reasons: [] };
}

function templateOf(name: string): Template {
  return { Resources: { only: { Type: 'AWS::SSM::Parameter', Properties: { Name: name } } } };
}

const stack = (name: string, dependsOn: string[] = [], region = REGION): Stack => ({
  name,
  account: ACCOUNT,
  region,
  dependsOn,
  bootstrapVersion: 6,
});

const own = (part: string, ...dependsOn: string[]) =>
  stack(
    `${CLUSTER}-${part}`,
    dependsOn.map((other) => (other.startsWith('account') ? other : `${CLUSTER}-${other}`)),
  );

const DNS = `account-${ACCOUNT}-dns`;

/** The stacks of a cluster and its account, as the CDK app has them. */
const STACKS: readonly Stack[] = [
  stack(`account-${ACCOUNT}-budget`),
  stack(DNS),
  own('network'),
  own('cluster', 'network'),
  own('data', 'network'),
  own('identity', 'cluster', 'data', DNS),
  own('observability', DNS),
  { ...own('health'), region: 'us-east-1' },
  own('bootstrap', 'identity', 'cluster', 'network', 'data', 'observability', DNS),
];

type Input = Record<string, string> & {
  Filters?: { Name: string; Values: string[] }[];
  ResourceTypeFilters?: string[];
};

/** Answers a call in the shape of AWS's API reference. */
function answer(world: World, region: string, operation: string, input: Input): unknown {
  switch (operation) {
    case 'sts get-caller-identity':
      return { Account: ACCOUNT, Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/admin/jane` };
    case 'ssm get-parameter': {
      const version = world.bootstrapped.get(region);
      if (version === undefined) throw new AwsError('ParameterNotFound', 'no such parameter');
      return { Parameter: { Value: String(version) } };
    }
    case 'cloudformation describe-stacks': {
      const stack = world.stacks.get(input.StackName ?? '');
      if (stack === undefined)
        throw new AwsError('ValidationError', `Stack with id ${input.StackName} does not exist`);
      const isDns = input.StackName === DNS;
      const Outputs = isDns
        ? [{ OutputKey: 'nameserversofdevslipwayexample', OutputValue: NAME_SERVERS.join(' ') }]
        : [];
      return { Stacks: [{ StackStatus: stack.status, Outputs }] };
    }
    case 'cloudformation describe-stack-events': {
      const { reasons = [] } = world.stacks.get(input.StackName ?? '') ?? {};
      const events = reasons.map((reason) => ({
        LogicalResourceId: 'thing',
        ResourceType: 'AWS::EC2::EIP',
        ResourceStatus: 'CREATE_FAILED',
        ResourceStatusReason: reason,
      }));
      return { StackEvents: events };
    }
    case 'cloudformation get-template': {
      const template = world.stacks.get(input.StackName ?? '')?.template;
      return {
        TemplateBody:
          world.options.garbles === input.StackName ? { ...template, Description: '?' } : template,
      };
    }
    case 'cloudformation delete-stack':
      return world.deleteStack(input.StackName ?? '');
    case 'eks describe-cluster': {
      if (world.eks === undefined) throw new AwsError('ResourceNotFoundException', 'No cluster found');
      const { status, isProtected } = world.eks;
      return {
        cluster: {
          status,
          endpoint: 'https://ABC.gr7.eu-west-1.eks.amazonaws.com',
          certificateAuthority: { data: 'QQ==' },
          resourcesVpcConfig: { endpointPublicAccess: false },
          deletionProtection: isProtected,
        },
      };
    }
    case 'eks update-cluster-config':
      world.log.push('unprotect cluster');
      world.eks = { isProtected: false, status: 'UPDATING', readyAt: world.now + 40 * TICK };
      return {};
    case 'rds describe-db-instances': {
      if (world.database === undefined) throw new AwsError('DBInstanceNotFound', 'not found');
      const { status, isProtected } = world.database;
      return { DBInstances: [{ DBInstanceStatus: status, DeletionProtection: isProtected }] };
    }
    case 'rds modify-db-instance':
      world.log.push('unprotect database');
      world.database = { isProtected: false, status: 'modifying', readyAt: world.now + 5 * TICK };
      return {};
    case 'rds describe-db-snapshots':
      return { DBSnapshots: world.snapshots.map((DBSnapshotIdentifier) => ({ DBSnapshotIdentifier })) };
    case 'rds describe-db-instance-automated-backups':
      return { DBInstanceAutomatedBackups: [] };
    case 'secretsmanager list-secrets':
      return { SecretList: [{ Name: `${CLUSTER}/platform/flux-git` }] };
    case 'ec2 describe-instances':
      return {
        Reservations: [{ Instances: [...world.made.instances].map((InstanceId) => ({ InstanceId })) }],
      };
    case 'ec2 describe-volumes':
      return { Volumes: [...world.made.volumes].map((VolumeId) => ({ VolumeId })) };
    case 'ec2 describe-security-groups':
      return { SecurityGroups: [...world.made.loadBalancers].map((name) => ({ GroupId: `sg-${name}` })) };
    case 'ec2 describe-network-interfaces':
      return {
        NetworkInterfaces: [...world.made.networkInterfaces].map((NetworkInterfaceId) => ({
          NetworkInterfaceId,
        })),
      };
    case 'ec2 delete-network-interface':
      world.log.push(`delete ${input.NetworkInterfaceId}`);
      world.made.networkInterfaces.delete(input.NetworkInterfaceId ?? '');
      return {};
    case 'resourcegroupstaggingapi get-resources': {
      const [type = ''] = input.ResourceTypeFilters ?? [];
      return {
        ResourceTagMappingList: [...world.made.loadBalancers, 'gone-long-ago'].map((name) => ({
          ResourceARN: `arn:aws:${type}/${name}`,
        })),
      };
    }
    case 'elbv2 describe-load-balancers':
    case 'elbv2 describe-target-groups': {
      const [arn = ''] = Object.values(input).flat().map(String);
      if (world.made.loadBalancers.has(arn.split('/').at(-1) ?? '')) return {};
      throw new AwsError(
        operation.endsWith('groups') ? 'TargetGroupNotFound' : 'LoadBalancerNotFound',
        'not found',
      );
    }
    case 'route53 list-hosted-zones-by-name':
      return { HostedZones: [{ Id: '/hostedzone/Z1', Name: `${DOMAIN}.` }] };
    case 'route53 list-resource-record-sets':
      return {
        ResourceRecordSets: [...world.made.records].map((Name) => ({
          Name,
          Type: 'TXT',
          ResourceRecords: [
            { Value: `"heritage=external-dns,external-dns/owner=${CLUSTER},external-dns/resource=x"` },
          ],
        })),
      };
    case 'logs describe-log-groups':
      return {
        logGroups: [...world.logGroups]
          .filter((name) => name.startsWith(input.logGroupNamePrefix ?? ''))
          .map((logGroupName) => ({ logGroupName })),
      };
    case 'logs delete-log-group':
      world.log.push(`delete ${input.logGroupName}`);
      world.logGroups.delete(input.logGroupName ?? '');
      return {};
    default:
      throw new Error(`the world knows no ${operation}`);
  }
}

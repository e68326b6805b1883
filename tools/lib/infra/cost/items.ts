// From templates to what a bill would list.
import type { Resource, Template } from '../templates.ts';
import { EVERYWHERE, type Prices } from './prices.ts';

/** Hours of a month, as AWS counts. */
const HOURS = 730;

/** A line of a bill. */
export interface CostItem {
  what: string;
  /** What it comes from: `3 × 730 h × 0.048`. */
  driver: string;
  /** For a month. */
  usd: number;
  /** Whether a template says so, or somebody has assumed it. */
  from: 'template' | 'assumption';
}

/** What a cluster uses that no template says. */
export interface Usage {
  /** Nodes that Karpenter starts, beside those of the system. */
  nodes: number;
  /** Their kind. */
  nodeType: string;
  /** GB a month: through NAT gateways, into logs, to users. */
  natGb: number;
  logGb: number;
  outGb: number;
  /** Units of capacity of the load balancer, which has an address in each zone. */
  loadBalancerUnits: number;
}

/** What we assume of a cluster with the apps of the sample, by the size of its ring. Who has measured better says so with options. */
export const ASSUMED: Readonly<Record<'small' | 'highly-available', Usage>> = {
  small: { nodes: 1, nodeType: 'm7g.xlarge', natGb: 50, logGb: 10, outGb: 10, loadBalancerUnits: 1 },
  'highly-available': {
    nodes: 3,
    nodeType: 'm7g.xlarge',
    natGb: 300,
    logGb: 100,
    outGb: 500,
    loadBalancerUnits: 3,
  },
};

type Pricer = (
  resources: readonly Resource[],
  prices: Prices,
  all: readonly Resource[],
) => CostItem | undefined;

/** How each type of resource that costs something is charged. What is not here costs cents, or by use. */
const PRICERS: Readonly<Record<string, Pricer>> = {
  'AWS::EKS::Cluster': (clusters) => hourly('EKS control plane', clusters.length, EVERYWHERE.eksCluster),
  'AWS::EKS::Nodegroup': nodegroups,
  'AWS::EC2::NatGateway': (gateways, { natGateway }) => hourly('NAT gateways', gateways.length, natGateway),
  'AWS::EC2::EIP': (addresses) =>
    hourly('public IPv4 addresses of NAT gateways', addresses.length, EVERYWHERE.publicIpv4),
  'AWS::EC2::VPCEndpoint': interfaceEndpoints,
  'AWS::RDS::DBInstance': databases,
  'AWS::KMS::Key': (keys) => monthly('KMS keys', keys.length, EVERYWHERE.key),
  'AWS::SecretsManager::Secret': (secrets) => monthly('secrets', secrets.length, EVERYWHERE.secret),
  'AWS::Route53::HostedZone': (zones) => monthly('hosted zones', zones.length, EVERYWHERE.hostedZone),
  'AWS::Route53::HealthCheck': (checks) => monthly('health checks', checks.length, EVERYWHERE.healthCheck),
  'AWS::CloudWatch::Alarm': (alarms) => monthly('alarms', alarms.length, EVERYWHERE.alarm),
};

/**
 * What the resources of templates cost in a month.
 *
 * @param templates those of one cluster, or of one account
 */
export function itemsOf(templates: readonly Template[], prices: Prices): CostItem[] {
  const all = templates.flatMap(({ Resources = {} }) => Object.values(Resources));
  const byType = Map.groupBy(all, ({ Type }) => Type);
  const items = [...byType].flatMap(([type, resources]) => PRICERS[type]?.(resources, prices, all) ?? []);
  return [...items, ...databaseDisks(byType.get('AWS::RDS::DBInstance') ?? [], prices)];
}

/**
 * What a cluster costs beside what templates say.
 *
 * @param zones in each of which the load balancer has an address
 */
export function assumedItems(usage: Usage, zones: number, prices: Prices): CostItem[] {
  const price = ofTable(prices.instances, usage.nodeType);
  return [
    hourly(`nodes that Karpenter starts (${usage.nodeType})`, usage.nodes, price),
    hourly('load balancer of the edge', 1, prices.loadBalancer),
    hourly('its units of capacity', usage.loadBalancerUnits, prices.loadBalancerUnit),
    hourly('its public IPv4 addresses', zones, EVERYWHERE.publicIpv4),
    monthly('GB through NAT gateways', usage.natGb, prices.natGb),
    monthly('GB of logs', usage.logGb, prices.logGb),
    monthly('GB to users', usage.outGb, prices.outGb),
  ].map((item) => ({ ...item, from: 'assumption' }));
}

function hourly(what: string, number: number, price: number): CostItem {
  return item(what, `${number} × ${HOURS} h × ${price}`, number * HOURS * price);
}

function monthly(what: string, number: number, price: number): CostItem {
  return item(what, `${number} × ${price}`, number * price);
}

function item(what: string, driver: string, usd: number): CostItem {
  return { what, driver, usd, from: 'template' };
}

/** Instances of nodegroups, with the disks of their launch template. */
function nodegroups(
  groups: readonly Resource[],
  prices: Prices,
  all: readonly Resource[],
): CostItem | undefined {
  const disks = all
    .filter(({ Type }) => Type === 'AWS::EC2::LaunchTemplate')
    .flatMap(({ Properties }) => Properties?.LaunchTemplateData.BlockDeviceMappings ?? [])
    .reduce((sum: number, { Ebs }) => sum + Ebs.VolumeSize, 0);
  const [group] = groups;
  const nodes = group?.Properties?.ScalingConfig.DesiredSize ?? 0;
  const kind = String(group?.Properties?.InstanceTypes[0]);
  const price = ofTable(prices.instances, kind);
  const usd = nodes * (HOURS * price + disks * prices.diskGb);
  const driver = `${nodes} × (${HOURS} h × ${price} + ${disks} GB × ${prices.diskGb})`;
  return item(`system nodes (${kind})`, driver, usd);
}

function interfaceEndpoints(endpoints: readonly Resource[], prices: Prices): CostItem | undefined {
  const zones = endpoints
    .filter(({ Properties }) => Properties?.VpcEndpointType === 'Interface')
    .reduce((sum, { Properties }) => sum + Properties?.SubnetIds.length, 0);
  return zones === 0
    ? undefined
    : hourly('interface endpoints, by endpoint and zone', zones, prices.interfaceEndpoint);
}

function databases(instances: readonly Resource[], prices: Prices): CostItem | undefined {
  const [database] = instances;
  const { DBInstanceClass: kind, MultiAZ: isDouble } = database?.Properties ?? {};
  const what = `database (${kind}${isDouble ? ', in two zones' : ''})`;
  return hourly(what, serversOf(database), ofTable(prices.databases, kind));
}

function databaseDisks(instances: readonly Resource[], { databaseDiskGb }: Prices): CostItem[] {
  return instances.map((database) => {
    const gb = Number(database.Properties?.AllocatedStorage);
    const servers = serversOf(database);
    const driver = `${servers} × ${gb} GB × ${databaseDiskGb}`;
    return item("the database's disk", driver, servers * gb * databaseDiskGb);
  });
}

function serversOf(database: Resource | undefined): number {
  return database?.Properties?.MultiAZ === true ? 2 : 1;
}

/** @throws RangeError when the table of prices is behind what the config allows */
function ofTable(table: Readonly<Record<string, number>>, kind: string): number {
  const price = table[kind];
  if (price === undefined) throw new RangeError(`tools/lib/infra/cost/prices.ts has no price of ${kind}`);
  return price;
}

// Every stack there is: once for each account, and for each cluster.
import { App, Tags, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { infrastructure } from '../config/infrastructure.ts';
import { ringDomain } from '../config/per-ring.ts';
import type { Cluster, Platform } from '../config/schema.ts';
import type { Account } from './account/account-stack.ts';
import { BudgetStack } from './account/budget-stack.ts';
import { CiStack } from './account/ci-stack.ts';
import { DnsStack } from './account/dns-stack.ts';
import { RegistryStack } from './account/registry-stack.ts';
import { BootstrapStack } from './bootstrap-stack.ts';
import { IamRules } from './checks/iam-rules.ts';
import { EksStack } from './cluster-stack.ts';
import { DataStack } from './data-stack.ts';
import { ecrRegistry } from './ecr-registry.ts';
import { HEALTH_REGION, HealthStack } from './health-stack.ts';
import { IdentityStack } from './identity-stack.ts';
import { NetworkStack } from './network-stack.ts';
import { ObservabilityStack } from './observability-stack.ts';

export interface InfraOptions {
  /**
   * Whether every template is judged, by cdk-nag, our own rules and CloudFormation's.
   *
   * @default true
   */
  checks?: boolean;
  /** Where templates are written. @default what the CDK's CLI says, else `cdk.out` in a temporary folder */
  outdir?: string;
}

/**
 * The CDK app.
 *
 * @param platform one with no mistake
 */
export function infraApp(platform: Platform, { checks = true, outdir }: InfraOptions = {}): App {
  const app = new App({
    ...(outdir !== undefined && { outdir }),
    analyticsReporting: false,
    // Nobody reads where in our files a resource was made, and it takes a third of the time.
    stackTraces: false,
    treeMetadata: false,
    context: {
      '@aws-cdk/core:validateAgainstDefaultRules': checks,
      // What is wrong is told by checks/findings.ts, which knows of stale acknowledgements too.
      '@aws-cdk/core:failSynthOnValidationErrors': false,
    },
  });
  if (checks) Validations.of(app).addPlugins(new AwsSolutionsChecks(app), new IamRules());
  Tags.of(app).add('slipway:organisation', platform.organisation);

  const zones = new Map(
    accountsOf(platform).map((account) => [account.id, addAccount(app, platform, account)]),
  );
  addRegistry(app, platform);
  for (const cluster of platform.clusters) addCluster(app, platform, cluster, zoneOf(zones, cluster));
  return app;
}

/** The accounts of all clusters, each with the region of the first one. */
function accountsOf({ clusters }: Platform): Account[] {
  const byId = Map.groupBy(clusters, ({ account }) => account);
  return [...byId].map(([id, [first]]) => ({ id, region: first?.region ?? '' }));
}

function addAccount(app: App, platform: Platform, account: Account): DnsStack {
  const clusters = platform.clusters.filter((cluster) => cluster.account === account.id);
  const monthlyUsd = clusters.reduce(
    (sum, cluster) => sum + infrastructure(platform, cluster).monthlyBudgetUsd,
    0,
  );
  new BudgetStack(app, { account, monthlyUsd, emails: platform.aws.emails });
  const repository = githubRepository(platform.git.url);
  if (repository !== undefined) {
    new CiStack(app, {
      account,
      repository,
      branch: platform.git.branch,
      organisation: platform.organisation,
      regions: [...new Set([...clusters.map(({ region }) => region), HEALTH_REGION])],
      repositoryArns: pushedTo(platform, account),
    });
  }
  const domains = [...new Set(clusters.map(({ ring }) => ringDomain(platform, ring)))];
  return new DnsStack(app, { account, domains });
}

/** `owner/name`, where a repository is on GitHub. */
function githubRepository(url: string): string | undefined {
  return /^(?:https:\/\/|ssh:\/\/git@)github\.com\/([\w.-]+\/[\w.-]+?)(?:\.git)?\/?$/.exec(url)?.[1];
}

/** The names of our own images: the apps. */
function ownImages(platform: Platform): string[] {
  return Object.keys(platform.apps);
}

/** The repositories of an account that the pipeline pushes to. */
function pushedTo(platform: Platform, account: Account): string[] {
  const registry = ecrRegistry(platform.registry);
  if (registry === undefined || registry.account !== account.id) return [];
  return ownImages(platform).map(
    (image) => `arn:aws:ecr:${registry.region}:${registry.account}:repository/${registry.prefix}/${image}`,
  );
}

function addRegistry(app: App, platform: Platform): void {
  const registry = ecrRegistry(platform.registry);
  if (registry === undefined) return;
  const readers = accountsOf(platform).map(({ id }) => id);
  new RegistryStack(app, { registry, images: ownImages(platform), readers });
}

function addCluster(app: App, platform: Platform, cluster: Cluster, dns: DnsStack): void {
  const props = { platform, cluster };
  const zone = dns.zone(ringDomain(platform, cluster.ring));
  const network = new NetworkStack(app, props);
  const eks = new EksStack(app, { ...props, network });
  const data = new DataStack(app, { ...props, network });
  const identity = new IdentityStack(app, { ...props, eks, data, zone });
  const observability = new ObservabilityStack(app, { ...props, zone });
  new HealthStack(app, props);
  new BootstrapStack(app, { ...props, network, eks, identity, data, observability, zone });
}

function zoneOf(zones: ReadonlyMap<string, DnsStack>, { account }: Cluster): DnsStack {
  const dns = zones.get(account);
  if (dns === undefined) throw new RangeError(`no stacks for account ${account}`);
  return dns;
}

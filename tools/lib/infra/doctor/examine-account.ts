import { infrastructure } from '../../../../config/infrastructure.ts';
import { KUBERNETES_VERSIONS } from '../../../../config/kubernetes-versions.ts';
import type { Cluster, Platform } from '../../../../config/schema.ts';
import { absent, bootstrapVersion, hasSecret, identity } from '../aws/account.ts';
import type { Aws } from '../aws/aws.ts';
import { AwsError } from '../aws/aws-error.ts';
import { describeCluster } from '../aws/cluster.ts';
import type { Stack } from '../stacks.ts';
import type { Finding } from './finding.ts';
import { type Quota, quotasOf } from './quotas.ts';

export interface ExamineProps {
  aws: Aws;
  platform: Platform;
  cluster: Cluster;
  /** Its stacks and those of its account: in which regions, and how they want them prepared. */
  stacks: readonly Stack[];
}

/** Whether a cluster can be deployed: everything that AWS would say no to, and some of it only after an hour. Changes nothing. */
export async function examineAccount(props: ExamineProps): Promise<Finding[]> {
  const who = await credentials(props);
  // Of another account, nothing else is worth knowing.
  if (who.isVital) return [who];
  const looks: ((props: ExamineProps) => Promise<Finding[]>)[] = [
    region,
    preparation,
    gitSecret,
    kubernetesVersion,
    addOnVersions,
    spotRole,
    quotas,
  ];
  const found = await Promise.all(looks.map((look) => attempt(look, props)));
  return [who, ...found.flat()];
}

/** What may not be read is no reason to stop: whoever deploys is not always who may see everything. */
async function attempt(
  look: (props: ExamineProps) => Promise<Finding[]>,
  props: ExamineProps,
): Promise<Finding[]> {
  try {
    return await look(props);
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return [
      { what: look.name, says: error.message, remedy: 'see that your role may read it, or look by hand' },
    ];
  }
}

async function credentials({ aws, cluster }: ExamineProps): Promise<Finding> {
  const what = 'credentials';
  try {
    const { account, arn } = await identity(aws, cluster.region);
    if (account === cluster.account) return { what, says: arn };
    return {
      what,
      says: `${arn} is of account ${account}; ${cluster.name} is in ${cluster.account}`,
      remedy: 'sign in to that account, or name a profile of it in AWS_PROFILE',
      isVital: true,
    };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const [says = '', ...remedy] = error.message.replace(/^AWS: /, '').split(': ');
    return { what, says, remedy: remedy.join(': ') || 'see `aws sts get-caller-identity`', isVital: true };
  }
}

async function region({ aws, cluster }: ExamineProps): Promise<Finding[]> {
  const { Regions } = (await aws(cluster.region, 'ec2 describe-regions', {
    RegionNames: [cluster.region],
    AllRegions: true,
  })) as { Regions: { OptInStatus: string }[] };
  const what = `region ${cluster.region}`;
  if (Regions[0]?.OptInStatus !== 'not-opted-in') return [{ what, says: 'enabled' }];
  const remedy = `aws account enable-region --region-name ${cluster.region}; it takes some minutes`;
  return [{ what, says: 'not enabled for this account', remedy, isVital: true }];
}

/** Not vital: `infra:deploy` does it, when it is told to. */
async function preparation({ aws, stacks, cluster }: ExamineProps): Promise<Finding[]> {
  const wanted = new Map<string, number>();
  for (const { region: home, bootstrapVersion: version } of stacks)
    wanted.set(home, Math.max(version, wanted.get(home) ?? 0));
  return Promise.all(
    [...wanted].map(async ([home, version]): Promise<Finding> => {
      const what = `CDK in ${home}`;
      const there = await bootstrapVersion(aws, home);
      const remedy = `npm exec -- cdk bootstrap aws://${cluster.account}/${home}; infra:deploy does it as its first step`;
      if (there === undefined) return { what, says: 'not prepared', remedy };
      if (there < version) return { what, says: `prepared for version ${there}, not ${version}`, remedy };
      return { what, says: `prepared, version ${there}` };
    }),
  );
}

/** Without it the last stack fails, after an hour. */
async function gitSecret({ aws, platform, cluster }: ExamineProps): Promise<Finding[]> {
  if (platform.git.access === 'public' && platform.imageAutomation.cluster !== cluster.name) return [];
  const name = `${cluster.name}/platform/flux-git`;
  const what = `secret ${name}`;
  if (await hasSecret(aws, cluster.region, name)) return [{ what, says: 'there' }];
  return [
    {
      what,
      says: 'not there: Flux could not read the repository',
      remedy: `aws secretsmanager create-secret --region ${cluster.region} --name ${name} --secret-string file://flux-git.json; docs/aws.md says what is in it`,
      isVital: true,
    },
  ];
}

async function kubernetesVersion({ aws, platform, cluster }: ExamineProps): Promise<Finding[]> {
  const { kubernetes } = infrastructure(platform, cluster);
  const { clusterVersions } = (await aws(cluster.region, 'eks describe-cluster-versions')) as {
    clusterVersions: { clusterVersion: string; versionStatus?: string; status?: string }[];
  };
  const what = `Kubernetes ${kubernetes}`;
  const offered = clusterVersions.find(({ clusterVersion }) => clusterVersion === kubernetes);
  const newest = clusterVersions.map(({ clusterVersion }) => clusterVersion).join(', ');
  if (offered === undefined)
    return [
      {
        what,
        says: `EKS does not offer it; it offers ${newest}`,
        remedy: "set `kubernetes` in the cluster's record, one minor at a time: docs/aws.md",
        isVital: (await describeCluster(aws, cluster.region, cluster.name)) === undefined,
      },
    ];
  const status = offered.versionStatus ?? offered.status ?? '';
  if (/extended/i.test(status))
    return [
      {
        what,
        says: 'its standard support is over: EKS moves clusters up by itself',
        remedy: 'go one minor up, a ring at a time: docs/aws.md',
      },
    ];
  return [{ what, says: 'offered, with standard support' }];
}

async function addOnVersions({ aws, platform, cluster }: ExamineProps): Promise<Finding[]> {
  const { kubernetes } = infrastructure(platform, cluster);
  const { addons } = (await aws(cluster.region, 'eks describe-addon-versions', {
    kubernetesVersion: kubernetes,
  })) as { addons: { addonName: string; addonVersions: { addonVersion: string }[] }[] };
  return Object.entries(KUBERNETES_VERSIONS[kubernetes]).map(([name, version]): Finding => {
    const versions = addons.find(({ addonName }) => addonName === name)?.addonVersions ?? [];
    const what = `EKS add-on ${name}`;
    if (versions.some(({ addonVersion }) => addonVersion === version)) return { what, says: version };
    const newest = versions[0]?.addonVersion ?? 'none';
    return {
      what,
      says: `${version} is not offered for Kubernetes ${kubernetes}; the newest is ${newest}`,
      remedy: `write ${newest} into config/kubernetes-versions.ts`,
      isVital: true,
    };
  });
}

async function spotRole({ aws, cluster }: ExamineProps): Promise<Finding[]> {
  const RoleName = 'AWSServiceRoleForEC2Spot';
  const what = 'role for spot instances';
  const found = await absent(aws(cluster.region, 'iam get-role', { RoleName }), 'NoSuchEntity');
  if (found !== undefined) return [{ what, says: 'there' }];
  const remedy = 'aws iam create-service-linked-role --aws-service-name spot.amazonaws.com';
  return [{ what, says: 'not there: Karpenter could start no spot instance', remedy }];
}

async function quotas(props: ExamineProps): Promise<Finding[]> {
  const { aws, platform, cluster } = props;
  const isThere = (await describeCluster(aws, cluster.region, cluster.name)) !== undefined;
  const all = quotasOf(cluster, infrastructure(platform, cluster));
  return Promise.all(all.map((quota) => judgeQuota(props, quota, isThere)));
}

async function judgeQuota({ aws, cluster }: ExamineProps, quota: Quota, isThere: boolean): Promise<Finding> {
  const { Quota: found } = (await aws(cluster.region, 'service-quotas get-service-quota', {
    ServiceCode: quota.service,
    QuotaCode: quota.code,
  })) as { Quota: { Value: number } };
  const limit = found.Value;
  const used = quota.inUse === undefined ? 0 : await USED[quota.inUse](aws, cluster.region);
  const what = `quota of ${quota.what}`;
  const of = quota.inUse === undefined ? `${limit}` : `${used} of ${limit} in use`;
  // What a cluster that is there has taken is in the count.
  if (isThere || used + quota.takes <= limit) return { what, says: of };
  return {
    what,
    says: `${of}; ${cluster.name} takes ${quota.takes}`,
    remedy: `aws service-quotas request-service-quota-increase --region ${cluster.region} --service-code ${quota.service} --quota-code ${quota.code} --desired-value ${used + quota.takes}`,
    isVital: true,
  };
}

const USED: Readonly<Record<NonNullable<Quota['inUse']>, (aws: Aws, region: string) => Promise<number>>> = {
  async addresses(aws, region) {
    return ((await aws(region, 'ec2 describe-addresses')) as { Addresses: unknown[] }).Addresses.length;
  },
  async vpcs(aws, region) {
    return ((await aws(region, 'ec2 describe-vpcs')) as { Vpcs: unknown[] }).Vpcs.length;
  },
};

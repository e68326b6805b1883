import { isDeepStrictEqual } from 'node:util';
import { bootstrapVersion } from '../aws/account.ts';
import type { Aws } from '../aws/aws.ts';
import { deployedTemplate, describeStack, type FailedResource, failuresOf } from '../aws/stacks.ts';
import type { Clock } from '../clock.ts';
import { isStanding, isUnderWay, neverWas } from '../stack-status.ts';
import type { Stack } from '../stacks.ts';
import { type Ending, runSteps, type Step, Stuck } from '../steps.ts';
import type { Template } from '../templates.ts';
import type { Cdk } from './cdk.ts';

export interface DeployProps {
  aws: Aws;
  cdk: Cdk;
  clock: Clock;
  tell(says: string): void;
  /** Says which name servers the rest of the world is told for a domain. */
  nameServers(domain: string): Promise<readonly string[]>;
  /** The cluster's name. */
  cluster: string;
  /** The domain of its ring. */
  domain: string;
  /** The stacks that its account has once, and its own, each in the order in which they are made. */
  accountStacks: readonly Stack[];
  stacks: readonly Stack[];
  /** What each stack is to be, by its name. */
  templates: ReadonlyMap<string, Template>;
  /** The folder of the compiled CDK app. */
  assembly: string;
}

/**
 * Makes a cluster, or brings it to what the templates say. What is done and what is not is read from AWS, so it can be stopped at
 * any point and run again: CloudFormation finishes the stack that it is at.
 */
export async function deploy(props: DeployProps): Promise<Ending> {
  const { clock, tell } = props;
  const account = await runSteps(accountSteps(props), { clock, tell });
  if (account.is === 'stuck') return account;
  // The rest of the world takes a while to hear of it, and most of an hour's work does not need it.
  for (const line of await undelegated(props)) tell(`meanwhile: ${line}`);
  const own = await runSteps(clusterSteps(props), { clock, tell });
  return own.is === 'stuck' ? own : { is: 'done', acted: [...account.acted, ...own.acted] };
}

/** What the account has once: the CDK's own preparation of its regions, then the stacks of the account. */
export function accountSteps(props: DeployProps): Step[] {
  const needed = new Map<string, Stack>();
  for (const stack of [...props.accountStacks, ...props.stacks]) {
    const known = needed.get(stack.region);
    if (known === undefined || known.bootstrapVersion < stack.bootstrapVersion)
      needed.set(stack.region, stack);
  }
  return [
    ...[...needed.values()].map((stack) => prepareRegion(props, stack)),
    ...props.accountStacks.map((stack) => deployStack(props, stack)),
  ];
}

/** The stacks of the cluster; before the one that waits for certificates, whether they can come at all. */
export function clusterSteps(props: DeployProps): Step[] {
  return props.stacks.flatMap((stack) =>
    stack.name === certificates(props)
      ? [delegate(props), deployStack(props, stack)]
      : [deployStack(props, stack)],
  );
}

function prepareRegion(
  { aws, cdk }: DeployProps,
  { account, region, bootstrapVersion: wanted }: Stack,
): Step {
  return {
    title: `prepare ${region} of ${account} for the CDK`,
    async left() {
      const version = await bootstrapVersion(aws, region);
      if (version === undefined) return [`${region} is not prepared`];
      return version < wanted ? [`${region} is prepared for version ${version}, not ${wanted}`] : [];
    },
    async act() {
      const code = await cdk(['bootstrap', `aws://${account}/${region}`]);
      if (code !== 0) throw new Stuck([`\`cdk bootstrap aws://${account}/${region}\` exited with ${code}`]);
    },
    minutes: 10,
    remedy:
      'what it said above tells why: most often that the credentials may not make roles; then run this again',
  };
}

function deployStack({ aws, cdk, templates, assembly }: DeployProps, { name, region }: Stack): Step {
  let isDeployed = false;
  return {
    title: `deploy the stack ${name}`,
    async left() {
      const stack = await describeStack(aws, region, name);
      if (stack === undefined) return [`${name} is not there`];
      const { status } = stack;
      if (isUnderWay(status) && !status.startsWith('DELETE_')) return [`${name} is ${status}`];
      if (neverWas(status)) {
        const why = (await failuresOf(aws, region, name)).map(words);
        return [
          `${name} is ${status} and is made anew; the last time: ${why.join('; ') || (stack.reason ?? 'no reason given')}`,
        ];
      }
      if (!isStanding(status)) throw await cannotChange(aws, region, name, status);
      if (isDeployed) return [];
      const isSame = isDeepStrictEqual(await deployedTemplate(aws, region, name), templates.get(name));
      return isSame ? [] : [`${name} is not what its template says`];
    },
    async act() {
      const stack = await describeStack(aws, region, name);
      if (stack && isUnderWay(stack.status)) return;
      const flags = ['--exclusively', '--require-approval', 'never', '--progress', 'events'];
      const code = await cdk(['deploy', name, '--app', assembly, ...flags]);
      if (code !== 0) throw await deploymentFailed(aws, region, name);
      isDeployed = true;
    },
    minutes: 90,
    remedy: `\`aws cloudformation describe-stack-events --region ${region} --stack-name ${name}\` says what it waits for; then run this again`,
  };
}

async function deploymentFailed(aws: Aws, region: string, name: string): Promise<Stuck> {
  const stack = await describeStack(aws, region, name);
  // Nothing had been begun: the CDK has said above what it lacked.
  const failures = stack === undefined ? [] : await failuresOf(aws, region, name);
  const left = failures.map((failure) => `${name}: ${words(failure)}`);
  return new Stuck(
    left.length > 0 ? left : [`\`cdk deploy ${name}\` failed: see above`],
    'mend what it names, then run this again: it goes on with this stack',
  );
}

/** Why CloudFormation would refuse to change a stack, and what a person does about it. */
async function cannotChange(aws: Aws, region: string, name: string, status: string): Promise<Stuck> {
  if (status.startsWith('DELETE_'))
    return new Stuck(
      [`${name} is ${status}`],
      'somebody has begun to take it away: run `npm run infra:destroy` to its end, then this again',
    );
  const why = (await failuresOf(aws, region, name)).map((failure) => `${name}: ${words(failure)}`);
  const remedy =
    status === 'ROLLBACK_FAILED'
      ? `it never came to be, and what it had made could not be taken away again: lift the deletion protection of what is named above (\`aws rds modify-db-instance --no-deletion-protection\`, \`aws eks update-cluster-config --no-deletion-protection\`), then \`aws cloudformation delete-stack --region ${region} --stack-name ${name}\`, then run this again`
      : `mend what is named above, then \`npm exec -- cdk rollback ${name}\` (\`--orphan <id>\` leaves a resource as it is), then run this again`;
  return new Stuck([`${name} is ${status}`, ...why], remedy);
}

function words({ id, type, reason }: FailedResource): string {
  return `${type} ${id}: ${reason}`;
}

function certificates({ cluster }: DeployProps): string {
  return `${cluster}-observability`;
}

function delegate(props: DeployProps): Step {
  return {
    title: `see that the world knows the name servers of ${props.domain}`,
    left: () => undelegated(props),
    async act() {},
    // Whoever is at it right now has a moment; it may as well take a day.
    minutes: 10,
    remedy:
      'put that record into the zone above, or give the name servers to the registrar; `dig NS` shows when it is known. Then run this again: certificates are waited for in vain before',
  };
}

/** What has to be said to the zone above, where it has not been. */
async function undelegated(props: DeployProps): Promise<string[]> {
  const { aws, domain, accountStacks, nameServers } = props;
  const own = props.stacks.find(({ name }) => name === certificates(props));
  const standing = own && (await describeStack(aws, own.region, own.name));
  // Its certificates are there, so it was known once.
  if (standing && isStanding(standing.status)) return [];
  const dns = accountStacks.find(({ name }) => name.endsWith('-dns'));
  const outputs = dns && (await describeStack(aws, dns.region, dns.name))?.outputs;
  const servers = nameServersIn(outputs ?? {}, domain);
  if (servers.length === 0) return [];
  const known = (await nameServers(domain)).map(plain);
  if (servers.every((server) => known.includes(plain(server)))) return [];
  return [`the zone above ${domain} has to name ${servers.join(' ')} as its NS record`];
}

/** The CDK takes from an output's name whatever is no letter or digit. */
function nameServersIn(outputs: Readonly<Record<string, string>>, domain: string): string[] {
  const key = `nameserversof${domain.replaceAll(/[^a-z0-9]/gi, '')}`;
  return (outputs[key] ?? '').split(' ').filter(Boolean);
}

function plain(server: string): string {
  return server.toLowerCase().replace(/\.$/, '');
}

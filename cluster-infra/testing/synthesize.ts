// The process that templates.ts starts: reads an order, makes the slips it asks for, writes what came out.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { App, Stack } from 'aws-cdk-lib';
import { CfnSecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { CfnManagedPolicy, CfnRole } from 'aws-cdk-lib/aws-iam';
import { CfnDBInstance } from 'aws-cdk-lib/aws-rds';
import type { IConstruct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { findings } from '../checks/findings.ts';
import { infraApp } from '../infra-app.ts';
import type { Order, Slip, Synthesized } from './templates.ts';

const SLIPS: Readonly<Record<Slip, (app: App) => void>> = {
  // Of a policy in which `*` is acknowledged for other statements.
  'policy-to-any-resource': (app) =>
    resource(
      app,
      'dev-eu-west-1-identity',
      'policy-karpenter-resource-discovery',
      CfnManagedPolicy,
    ).addPropertyOverride('PolicyDocument.Statement.1.Resource', '*'),
  'database-without-encryption': (app) => {
    resource(app, 'dev-eu-west-1-data', 'database', CfnDBInstance).storageEncrypted = false;
  },
  'open-security-group': (app) => {
    const group = resource(app, 'dev-eu-west-1-network', 'nodes', CfnSecurityGroup);
    group.securityGroupIngress = [{ ipProtocol: 'tcp', fromPort: 22, toPort: 22, cidrIp: '0.0.0.0/0' }];
  },
  'unread-managed-policy': (app) => {
    const role = resource(app, 'dev-eu-west-1-identity', 'role-karpenter', CfnRole);
    role.managedPolicyArns = ['arn:aws:iam::aws:policy/AdministratorAccess'];
  },
  'stale-acknowledgement': (app) =>
    acknowledge(stack(app, 'dev-eu-west-1-network'), 'AwsSolutions-RDS3', 'There was a database here once.'),
};

function stack(app: App, name: string): Stack {
  return app.node.findChild(name) as Stack;
}

/** The resource that CloudFormation knows of a construct of a stack. */
function resource<Resource>(
  app: App,
  name: string,
  id: string,
  type: abstract new (...args: never[]) => Resource,
): Resource {
  const found: IConstruct | undefined = stack(app, name)
    .node.findChild(id)
    .node.findAll()
    .find((construct) => construct instanceof type);
  if (found === undefined) throw new Error(`no ${type.name} at ${name}/${id}`);
  return found as Resource;
}

const { platform, checks, slips } = JSON.parse(readFileSync(0, 'utf8')) as Order;
const outdir = mkdtempSync(join(tmpdir(), 'slipway-infra-'));
try {
  const app = infraApp(platform, { checks, outdir });
  for (const slip of slips) SLIPS[slip](app);
  const { stacks } = app.synth();
  const templates = Object.fromEntries(stacks.map(({ stackName, template }) => [stackName, template]));
  const found = checks ? findings(app, outdir) : [];
  process.stdout.write(JSON.stringify({ templates, found } satisfies Synthesized));
} finally {
  rmSync(outdir, { recursive: true, force: true });
}

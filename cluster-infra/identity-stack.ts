import { CfnPodIdentityAssociation } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, PolicyStatement, type Role } from 'aws-cdk-lib/aws-iam';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import {
  appIdentities,
  POD_IDENTITIES,
  type PodIdentityName,
  podIdentities,
} from '../config/pod-identities.ts';
import { acknowledge } from './checks/acknowledge.ts';
import type { EksStack } from './cluster-stack.ts';
import type { DataStack } from './data-stack.ts';
import { certManager, externalDns } from './identities/dns.ts';
import { arnHere, type Permissions, type Surroundings } from './identities/identity.ts';
import { karpenter } from './identities/karpenter.ts';
import { loadBalancerController } from './identities/load-balancer-controller.ts';
import { externalSecrets, fluentBit, imageReflector, openTelemetryCollector } from './identities/others.ts';
import { identityRole } from './identity-role.ts';
import { Interruptions } from './interruptions.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';

/** The identities that are made here: those of EKS add-ons are made where the add-ons are. */
type OwnIdentity = {
  [Name in PodIdentityName]: (typeof POD_IDENTITIES)[Name]['source'] extends 'eks' ? never : Name;
}[PodIdentityName];

/** What each of them may do. */
const PERMISSIONS: Readonly<Record<OwnIdentity, (surroundings: Surroundings) => Permissions>> = {
  karpenter,
  'aws-load-balancer-controller': loadBalancerController,
  'external-dns': externalDns,
  'cert-manager': certManager,
  'external-secrets': externalSecrets,
  'opentelemetry-collector': openTelemetryCollector,
  'fluent-bit': fluentBit,
  'image-reflector': imageReflector,
};

export interface IdentityStackProps extends ClusterStackProps {
  eks: EksStack;
  data: DataStack;
  /** The zone that holds the ring's domain. */
  zone: IHostedZone;
}

/** Who on the cluster may do what in AWS: a role and an association for each service account, and Karpenter's queue. */
export class IdentityStack extends ClusterPart {
  private readonly clusterName: string;

  constructor(scope: Construct, { eks, data, zone, ...props }: IdentityStackProps) {
    super(scope, 'identity', props);
    this.clusterName = eks.eks.clusterName;
    const { queue } = new Interruptions(this, 'interruptions', this.cluster.name);
    const surroundings: Surroundings = {
      part: this,
      hostedZoneId: zone.hostedZoneId,
      interruptionQueueArn: queue.queueArn,
      nodeRoleArn: eks.nodes.role.roleArn,
    };
    for (const { name } of podIdentities(this.platform, this.cluster)) {
      if (isOwn(name)) this.addIdentity(name, PERMISSIONS[name](surroundings));
    }
    this.addApps(data);
  }

  private addIdentity(name: PodIdentityName, { policies, wildcards }: Permissions): void {
    const { namespace, serviceAccount, purpose } = POD_IDENTITIES[name];
    const role = identityRole(this, name, purpose);
    for (const [policy, statements] of Object.entries(policies)) {
      const made = new ManagedPolicy(this, `policy-${name}-${policy}`, {
        managedPolicyName: `${this.cluster.name}-${name}-${policy}`,
        statements,
        roles: [role],
      });
      const resources = new Set(statements.flatMap((statement) => statement.resources));
      for (const [finding, reason] of Object.entries(wildcards)) {
        // An identity says its reasons once, for all of its policies.
        const isHere = resources.has(finding.replace('Resource::', ''));
        if (isHere) acknowledge(made, `AwsSolutions-IAM5[${finding}]`, reason);
      }
    }
    this.associate(name, role, namespace, [serviceAccount]);
  }

  /** Each app signs in to the database as itself, and as nobody else. */
  private addApps(data: DataStack): void {
    for (const { name, app, serviceAccounts } of appIdentities(this.platform, this.cluster)) {
      const role = identityRole(this, name, 'signs in to its database');
      new ManagedPolicy(this, `policy-${name}`, {
        managedPolicyName: `${this.cluster.name}-${name}`,
        statements: [
          new PolicyStatement({
            sid: 'SignInAsItself',
            actions: ['rds-db:connect'],
            resources: [arnHere(this, 'rds-db', `dbuser:${data.resourceId}/${app}`)],
          }),
        ],
        roles: [role],
      });
      this.associate(name, role, app, serviceAccounts);
    }
  }

  private associate(name: string, role: Role, namespace: string, serviceAccounts: readonly string[]): void {
    for (const serviceAccount of serviceAccounts) {
      const suffix = serviceAccounts.length === 1 ? '' : `-${serviceAccount}`;
      new CfnPodIdentityAssociation(this, `association-${name}${suffix}`, {
        clusterName: this.clusterName,
        namespace,
        serviceAccount,
        roleArn: role.roleArn,
      });
    }
  }
}

function isOwn(name: PodIdentityName): name is OwnIdentity {
  return POD_IDENTITIES[name].source !== 'eks';
}

import { Duration } from 'aws-cdk-lib';
import {
  AccessEntry,
  AccessPolicy,
  AccessScopeType,
  HelmChart,
  KubernetesManifest,
} from 'aws-cdk-lib/aws-eks-v2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import type { ClusterVar } from '../config/cluster-vars.ts';
import type { EksStack } from './cluster-stack.ts';
import type { DataStack } from './data-stack.ts';
import { fluxInstance, GIT_SECRET, signsIn } from './flux-instance.ts';
import { arnHere } from './identities/identity.ts';
import type { IdentityStack } from './identity-stack.ts';
import type { NetworkStack } from './network-stack.ts';
import type { ObservabilityStack } from './observability-stack.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';
import { SetupFunction } from './setup-function.ts';

/** Where Flux is, and what the FluxInstance's source and root Kustomization are called. */
const FLUX = 'flux-system';

// renovate: datasource=docker depName=ghcr.io/controlplaneio-fluxcd/charts/flux-operator
const FLUX_OPERATOR = '0.58.1';

export interface BootstrapStackProps extends ClusterStackProps {
  network: NetworkStack;
  eks: EksStack;
  identity: IdentityStack;
  data: DataStack;
  observability: ObservabilityStack;
  /** The zone that holds the ring's domain. */
  zone: IHostedZone;
}

/** The last step: Flux, told where it reads and what AWS has made. From here on, git says what runs. */
export class BootstrapStack extends ClusterPart {
  private readonly eks: EksStack;

  constructor(
    scope: Construct,
    { network, eks, identity, data, observability, zone, ...props }: BootstrapStackProps,
  ) {
    super(scope, 'bootstrap', props);
    this.eks = eks;
    // What Flux installs first asks for its role in AWS.
    this.addStackDependency(identity);

    const operator = new HelmChart(this, 'flux-operator', {
      cluster: eks.eks,
      chart: 'flux-operator',
      repository: 'oci://ghcr.io/controlplaneio-fluxcd/charts/flux-operator',
      version: FLUX_OPERATOR,
      release: 'flux-operator',
      namespace: FLUX,
      createNamespace: true,
      wait: true,
      timeout: Duration.minutes(10),
      values: {
        resources: { limits: { memory: '512Mi' } },
        // Its pages would show every pod of the cluster what runs on it, and be served by who may do all.
        web: { enabled: false },
      },
    });
    const variables = this.addVariables({
      DATABASE_HOST: data.host,
      VPC_ID: network.vpc.vpcId,
      CERTIFICATE_ARN: observability.certificate.certificateArn,
      HOSTED_ZONE_ID: zone.hostedZoneId,
    });
    variables.node.addDependency(operator);
    const flux = new KubernetesManifest(this, 'flux', {
      cluster: eks.eks,
      manifest: [fluxInstance(this.platform, this.cluster, FLUX)],
    });
    // In this order it is made, and in the other one unmade: the operator must outlive what it has to clear away.
    flux.node.addDependency(operator, variables);
    if (signsIn(this.platform, this.cluster)) {
      const credentials = this.addGitCredentials(network);
      credentials.node.addDependency(operator);
      flux.node.addDependency(credentials);
    }
  }

  /** What AWS has made and manifests name: every key of config/cluster-vars.ts, or this does not compile. */
  private addVariables(data: Record<ClusterVar, string>): KubernetesManifest {
    return new KubernetesManifest(this, 'cluster-vars', {
      cluster: this.eks.eks,
      manifest: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: {
            name: 'cluster-vars',
            namespace: FLUX,
            // A changed value is applied at once, not when Flux next looks.
            labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
          },
          data,
        },
      ],
    });
  }

  /** Copies what a person has put into Secrets Manager; no value of it passes through a template. */
  private addGitCredentials(network: NetworkStack): Construct {
    const source = `${this.cluster.name}/platform/${GIT_SECRET}`;
    // Secrets Manager ends the ARN with six characters of its own.
    const resource = arnHere(this, 'secretsmanager', `secret:${source}-??????`);
    const writer = new SetupFunction(this, 'git-credentials', {
      part: this,
      network,
      lambda: 'git-credentials',
      description: 'Gives Flux its git credentials',
      statements: [
        new PolicyStatement({
          sid: 'ReadGitCredentials',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [resource],
        }),
      ],
    });
    const entry = new AccessEntry(this, 'git-credentials-access', {
      cluster: this.eks.eks,
      principal: writer.role.roleArn,
      accessPolicies: [
        AccessPolicy.fromAccessPolicyName('AmazonEKSEditPolicy', {
          accessScopeType: AccessScopeType.NAMESPACE,
          namespaces: [FLUX],
        }),
      ],
    });
    const written = writer.call('written', 'GitCredentials', {
      ClusterName: this.cluster.name,
      Endpoint: this.eks.eks.clusterEndpoint,
      Authority: this.eks.eks.clusterCertificateAuthorityData,
      Source: source,
      Namespace: FLUX,
      Name: GIT_SECRET,
    });
    written.node.addDependency(entry);
    return written;
  }
}

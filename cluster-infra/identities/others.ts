// Identities whose permissions are a statement or two.
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { ecrRegistry } from '../ecr-registry.ts';
import { arnHere, type Permissions, type Surroundings } from './identity.ts';

/** External Secrets: it reads what is called after the cluster, in Secrets Manager and in SSM's parameter store. */
export function externalSecrets({ part }: Surroundings): Permissions {
  const secrets = arnHere(part, 'secretsmanager', `secret:${part.cluster.name}/*`);
  const parameters = arnHere(part, 'ssm', `parameter/${part.cluster.name}/*`);
  const why = "What an app asks for in git needs no deployment here; all of them are the cluster's.";
  return {
    policies: {
      secrets: [
        new PolicyStatement({
          sid: 'ReadOwnSecrets',
          actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
          resources: [secrets],
        }),
      ],
      parameters: [
        new PolicyStatement({
          sid: 'ReadOwnParameters',
          actions: ['ssm:GetParameter', 'ssm:GetParameters', 'ssm:GetParametersByPath'],
          resources: [parameters],
        }),
      ],
    },
    wildcards: { [`Resource::${secrets}`]: why, [`Resource::${parameters}`]: why },
  };
}

/** The OpenTelemetry collector: it sends traces and reads none. */
export function openTelemetryCollector(): Permissions {
  return {
    policies: {
      traces: [
        new PolicyStatement({
          sid: 'SendTraces',
          actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
          resources: ['*'],
        }),
      ],
    },
    wildcards: { 'Resource::*': 'X-Ray has no resource for what is sent to it.' },
  };
}

/** Fluent Bit: it writes to the two log groups that are there for it, and makes none. */
export function fluentBit({ part }: Surroundings): Permissions {
  const groups = ['pods', 'nodes'].map((name) =>
    arnHere(part, 'logs', `log-group:/slipway/${part.cluster.name}/${name}:*`),
  );
  return {
    policies: {
      logs: [
        new PolicyStatement({
          sid: 'WriteLogs',
          actions: ['logs:CreateLogStream', 'logs:DescribeLogStreams', 'logs:PutLogEvents'],
          resources: groups,
        }),
      ],
    },
    wildcards: Object.fromEntries(
      groups.map((group) => [`Resource::${group}`, 'Its log streams, one for each pod.']),
    ),
  };
}

/** Flux's image reflector: it lists the tags of our own images, in a registry of ECR. */
export function imageReflector({ part }: Surroundings): Permissions {
  const { account, region, prefix } = ecrRegistry(part.platform.registry) ?? {};
  const repositories = `arn:aws:ecr:${region}:${account}:repository/${prefix}/*`;
  return {
    policies: {
      tags: [
        new PolicyStatement({ sid: 'SignIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
        new PolicyStatement({
          sid: 'ListTags',
          actions: ['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:ListImages'],
          resources: [repositories],
        }),
      ],
    },
    wildcards: {
      'Resource::*': 'A token is for a whole registry.',
      [`Resource::${repositories}`]: 'Our own images, and no others.',
    },
  };
}

import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { NO_RESOURCE, type Permissions, type Surroundings } from './identity.ts';

/** external-dns: it writes addresses, and the TXT records by which it knows its own, into the ring's zone. */
export function externalDns({ hostedZoneId }: Surroundings): Permissions {
  const zone = `arn:aws:route53:::hostedzone/${hostedZoneId}`;
  return {
    policies: {
      records: [
        new PolicyStatement({
          sid: 'WriteAddresses',
          actions: ['route53:ChangeResourceRecordSets'],
          resources: [zone],
          conditions: {
            'ForAllValues:StringEquals': {
              'route53:ChangeResourceRecordSetsRecordTypes': ['A', 'AAAA', 'CNAME', 'TXT'],
            },
          },
        }),
        new PolicyStatement({
          sid: 'ReadTheZone',
          actions: ['route53:ListResourceRecordSets', 'route53:ListTagsForResources'],
          resources: [zone],
        }),
        new PolicyStatement({ sid: 'FindTheZone', actions: ['route53:ListHostedZones'], resources: ['*'] }),
      ],
    },
    wildcards: { 'Resource::*': NO_RESOURCE },
  };
}

/** cert-manager: it writes the one record by which a certificate authority sees that the name is ours. */
export function certManager({ hostedZoneId }: Surroundings): Permissions {
  const changes = 'arn:aws:route53:::change/*';
  return {
    policies: {
      challenges: [
        new PolicyStatement({
          sid: 'AnswerChallenges',
          actions: ['route53:ChangeResourceRecordSets'],
          resources: [`arn:aws:route53:::hostedzone/${hostedZoneId}`],
          conditions: {
            'ForAllValues:StringEquals': { 'route53:ChangeResourceRecordSetsRecordTypes': ['TXT'] },
            'ForAllValues:StringLike': {
              'route53:ChangeResourceRecordSetsNormalizedRecordNames': ['_acme-challenge.*'],
            },
          },
        }),
        new PolicyStatement({
          sid: 'ReadTheZone',
          actions: ['route53:ListResourceRecordSets'],
          resources: [`arn:aws:route53:::hostedzone/${hostedZoneId}`],
        }),
        new PolicyStatement({ sid: 'SeeThemArrive', actions: ['route53:GetChange'], resources: [changes] }),
      ],
    },
    wildcards: {
      [`Resource::${changes}`]: 'A change has its id only when it has been made; it can only be read.',
    },
  };
}

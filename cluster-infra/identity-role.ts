import { Role, ServicePrincipal, type SessionTagsPrincipal } from 'aws-cdk-lib/aws-iam';
import type { ClusterPart } from './platform-stack.ts';

/**
 * The role of an identity, which only EKS Pod Identity of this cluster may hand out.
 *
 * @param name what it is called after the cluster's name and a dash
 * @param purpose what it is for, as a part of a sentence
 * @see https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
 */
export function identityRole(part: ClusterPart, name: string, purpose: string): Role {
  return new Role(part, `role-${name}`, {
    roleName: `${part.cluster.name}-${name}`,
    description: `${name} on ${part.cluster.name}: ${purpose}`,
    // Its session tags say which pod it is.
    assumedBy: podIdentityService(part),
  });
}

function podIdentityService({ cluster }: ClusterPart): SessionTagsPrincipal {
  const service = new ServicePrincipal('pods.eks.amazonaws.com', {
    conditions: {
      StringEquals: { 'aws:SourceAccount': cluster.account },
      ArnEquals: {
        'aws:SourceArn': `arn:aws:eks:${cluster.region}:${cluster.account}:cluster/${cluster.name}`,
      },
    },
  });
  return service.withSessionTags() as SessionTagsPrincipal;
}

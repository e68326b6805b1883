import { Duration } from 'aws-cdk-lib';
import {
  ManagedPolicy,
  OidcProviderNative,
  PolicyStatement,
  Role,
  WebIdentityPrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledge } from '../checks/acknowledge.ts';
import { AccountPart, type AccountStackProps } from './account-stack.ts';

export interface CiStackProps extends AccountStackProps {
  /** `owner/name` on GitHub. */
  repository: string;
  /** The branch that Flux reads. */
  branch: string;
  /** The regions that the account's stacks are in. */
  regions: readonly string[];
  /** What the roles' names begin with. */
  organisation: string;
  /** The repositories in ECR that the pipeline pushes to. @default none: images are pushed elsewhere */
  repositoryArns?: readonly string[] | undefined;
}

const ISSUER = 'token.actions.githubusercontent.com';

/** The qualifier of the CDK's own roles. @see https://docs.aws.amazon.com/cdk/v2/guide/bootstrapping-env.html */
const BOOTSTRAP = 'hnb659fds';

/** What the pipeline on GitHub may do in the account. It signs in by a token of its run: there is no key to keep. */
export class CiStack extends AccountPart {
  private readonly provider: OidcProviderNative;
  private readonly organisation: string;
  private readonly regions: readonly string[];

  constructor(
    scope: Construct,
    { repository, branch, organisation, regions, repositoryArns = [], ...props }: CiStackProps,
  ) {
    super(scope, 'ci', props);
    this.organisation = organisation;
    this.regions = regions;
    this.provider = new OidcProviderNative(this, 'github', {
      url: `https://${ISSUER}`,
      clientIds: ['sts.amazonaws.com'],
    });
    // A pull request reads; only what a person has merged and an environment lets through changes anything.
    this.addRole('ci-diff', `repo:${repository}:pull_request`, this.actAs('lookup'));
    this.addRole(
      'ci-deploy',
      `repo:${repository}:environment:aws`,
      this.actAs('lookup', 'deploy', 'file-publishing'),
    );
    if (repositoryArns.length > 0) {
      const role = this.addRole(
        'ci-push',
        `repo:${repository}:ref:refs/heads/${branch}`,
        pushImages(repositoryArns),
      );
      acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', 'A token is for a whole registry.');
    }
  }

  /** The CDK's own roles, each of which can do one part of a deployment. */
  private actAs(...roles: string[]): PolicyStatement[] {
    const account = this.accountId;
    return [
      new PolicyStatement({
        sid: 'ActAsTheCdk',
        actions: ['sts:AssumeRole'],
        resources: this.regions.flatMap((region) =>
          roles.map(
            (role) => `arn:aws:iam::${account}:role/cdk-${BOOTSTRAP}-${role}-role-${account}-${region}`,
          ),
        ),
      }),
    ];
  }

  private addRole(name: string, subject: string, statements: PolicyStatement[]): ManagedPolicy {
    const role = new Role(this, name, {
      roleName: `${this.organisation}-${name}`,
      maxSessionDuration: Duration.hours(2),
      assumedBy: new WebIdentityPrincipal(this.provider.openIdConnectProviderArn, {
        StringEquals: { [`${ISSUER}:aud`]: 'sts.amazonaws.com', [`${ISSUER}:sub`]: subject },
      }),
    });
    return new ManagedPolicy(this, `${name}-policy`, {
      managedPolicyName: `${this.organisation}-${name}`,
      statements,
      roles: [role],
    });
  }
}

function pushImages(repositoryArns: readonly string[]): PolicyStatement[] {
  return [
    new PolicyStatement({ sid: 'SignIn', actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      sid: 'PushImages',
      actions: [
        'ecr:BatchCheckLayerAvailability',
        'ecr:BatchGetImage',
        'ecr:CompleteLayerUpload',
        'ecr:GetDownloadUrlForLayer',
        'ecr:InitiateLayerUpload',
        'ecr:PutImage',
        'ecr:UploadLayerPart',
      ],
      resources: [...repositoryArns],
    }),
  ];
}

import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { Repository, TagMutability, TagStatus } from 'aws-cdk-lib/aws-ecr';
import { AccountPrincipal } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { EcrRegistry } from '../ecr-registry.ts';
import { AccountPart, type AccountStackProps } from './account-stack.ts';

export interface RegistryStackProps extends Omit<AccountStackProps, 'account'> {
  registry: EcrRegistry;
  /** The names of our own images. */
  images: readonly string[];
  /** The accounts whose nodes pull them. */
  readers: readonly string[];
}

/** Where our images are, when the config's registry is one of ECR's. */
export class RegistryStack extends AccountPart {
  readonly repositoryArns: string[];

  constructor(scope: Construct, { registry, images, readers, ...props }: RegistryStackProps) {
    super(scope, 'registry', { ...props, account: { id: registry.account, region: registry.region } });
    const repositories = images.map((image) => {
      const repository = new Repository(this, image, {
        repositoryName: `${registry.prefix}/${image}`,
        imageScanOnPush: true,
        imageTagMutability: TagMutability.IMMUTABLE,
        // What a ring runs has a tag, and no tag is ever moved: so only what has none may go. It is a layer of nothing, or
        // half of a push that broke off. Images for several architectures hold their parts fast.
        lifecycleRules: [
          { description: 'pushed in half', tagStatus: TagStatus.UNTAGGED, maxImageAge: Duration.days(14) },
        ],
        removalPolicy: RemovalPolicy.RETAIN,
      });
      for (const reader of readers) {
        if (reader !== registry.account) repository.grantPull(new AccountPrincipal(reader));
      }
      return repository;
    });
    this.repositoryArns = repositories.map(({ repositoryArn }) => repositoryArn);
  }
}

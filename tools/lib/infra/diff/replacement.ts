import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** Whether a change of a property makes CloudFormation put another resource in the place of one. */
export type Replaces = 'yes' | 'maybe' | 'no';

/** @param type `AWS::RDS::DBInstance` */
export type Replacement = (type: string, property: string) => Replaces;

/**
 * What CloudFormation's own schemas say, as the CDK reads them. They take a second to load: only who has found a change asks.
 *
 * @see https://github.com/cdklabs/awscdk-service-spec
 */
export function replacementBySchema(): Replacement {
  const database = loadAwsServiceSpecSync();
  return (type, property) => {
    const [resource] = database.lookup('resource', 'cloudFormationType', 'equals', type);
    return resource?.properties[property]?.causesReplacement ?? 'no';
  };
}

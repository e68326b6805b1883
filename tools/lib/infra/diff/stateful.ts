/** What is lost with a resource that another one takes the place of. */
export interface State {
  /** In a few words. */
  is: string;
  /** Whether nothing brings it back, so that production must not lose it by a deployment. */
  isData: boolean;
}

const data = (is: string): State => ({ is, isData: true });
const state = (is: string): State => ({ is, isData: false });

/** By type, what only that very resource has. All others are made again as they were. */
const STATEFUL: Readonly<Record<string, State>> = {
  'AWS::RDS::DBInstance': data("the apps' data"),
  'AWS::RDS::DBCluster': data("the apps' data"),
  'AWS::DynamoDB::Table': data('its rows'),
  'AWS::S3::Bucket': data('its files'),
  'AWS::EFS::FileSystem': data('its files'),
  'AWS::EC2::Volume': data('its files'),
  'AWS::KMS::Key': data('whatever it has encrypted'),
  'AWS::SecretsManager::Secret': data('a value that was generated once'),
  'AWS::ECR::Repository': data('the images that rings run'),
  'AWS::EKS::Cluster': data('everything that runs on it, and its volumes'),
  'AWS::Route53::HostedZone': state('its name servers, which the zone above names'),
  'AWS::EC2::EIP': state('its address, which others may have let in'),
  'AWS::EC2::VPC': state('all that is in it'),
  'AWS::Logs::LogGroup': state('what was logged so far'),
  'AWS::SQS::Queue': state('messages that nobody has read'),
};

/** @returns `undefined` for what is made again as it was */
export function stateOf(type: string): State | undefined {
  return Object.hasOwn(STATEFUL, type) ? STATEFUL[type] : undefined;
}

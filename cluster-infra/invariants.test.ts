// What must never change without somebody noticing.
import { describe, expect, test } from '@jest/globals';
import { CLUSTER_VARS } from '../config/cluster-vars.ts';
import { clusters } from '../config/testing/clusters.ts';
import { onlyResource, resourcesOf, synthesize, templateOf, testPlatform } from './testing/templates.ts';

const platform = testPlatform({ aws: { emails: ['platform@slipway.example'] } });
const all = synthesize(platform);
const stack = (part: string, cluster = 'prod-eu-west-1') => templateOf(all, `${cluster}-${part}`);

describe('the cluster', () => {
  const { Properties: eks } = onlyResource(stack('cluster'), 'AWS::EKS::Cluster');

  test('is reached inside the VPC only, by roles of access entries only', () => {
    expect(eks.ResourcesVpcConfig).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: false,
    });
    expect(eks.AccessConfig).toEqual({
      AuthenticationMode: 'API',
      BootstrapClusterCreatorAdminPermissions: false,
    });
  });

  test('encrypts secrets, logs everything its API does, and is not deleted by mistake', () => {
    expect(eks.EncryptionConfig[0].Provider.KeyArn).toBeDefined();
    expect(eks.Logging.ClusterLogging.EnabledTypes.map(({ Type }: any) => Type).sort()).toEqual([
      'api',
      'audit',
      'authenticator',
      'controllerManager',
      'scheduler',
    ]);
    expect(eks.DeletionProtection).toBe(true);
    expect(eks.UpgradePolicy).toEqual({ SupportType: 'STANDARD' });
    expect(eks.BootstrapSelfManagedAddons).toBe(false);
  });

  test('has its EKS add-ons pinned, and network policies enforced', () => {
    const addOns = Object.values(resourcesOf(stack('cluster'), 'AWS::EKS::Addon')).map(
      ({ Properties }) => Properties,
    );
    expect(addOns.map(({ AddonName }) => AddonName).sort()).toEqual([
      'aws-ebs-csi-driver',
      'coredns',
      'eks-pod-identity-agent',
      'kube-proxy',
      'vpc-cni',
    ]);
    for (const { AddonVersion } of addOns) expect(AddonVersion).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    const cni = addOns.find(({ AddonName }) => AddonName === 'vpc-cni');
    expect(JSON.parse(cni?.ConfigurationValues)).toEqual({ enableNetworkPolicy: 'true' });
  });

  test('starts on Bottlerocket on arm64, with encrypted disks and no way to the credentials of nodes', () => {
    expect(onlyResource(stack('cluster'), 'AWS::EKS::Nodegroup').Properties).toMatchObject({
      AmiType: 'BOTTLEROCKET_ARM_64',
      ScalingConfig: { MinSize: 3, DesiredSize: 3, MaxSize: 4 },
    });
    const { LaunchTemplateData: data } = onlyResource(
      stack('cluster'),
      'AWS::EC2::LaunchTemplate',
    ).Properties;
    expect(data.MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
    for (const { Ebs } of data.BlockDeviceMappings) expect(Ebs.Encrypted).toBe(true);
  });

  test('lets people in whom the config names', () => {
    const [first, ...others] = clusters;
    const admin = 'arn:aws:iam::111111111111:role/platform-admin';
    const changed = testPlatform({
      clusters: [{ ...first, admins: [admin], publicApiCidrs: ['203.0.113.0/24'] } as never, ...others],
    });
    const template = templateOf(synthesize(changed), 'dev-eu-west-1-cluster');
    const people = Object.values(resourcesOf(template, 'AWS::EKS::AccessEntry')).filter(
      ({ Properties }) => Properties.PrincipalArn === admin,
    );
    expect(people.map(({ Properties }) => JSON.stringify(Properties.AccessPolicies))).toEqual([
      expect.stringContaining('AmazonEKSClusterAdminPolicy'),
    ]);
    expect(onlyResource(template, 'AWS::EKS::Cluster').Properties.ResourcesVpcConfig).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: true,
      PublicAccessCidrs: ['203.0.113.0/24'],
    });
  });
});

describe('the database', () => {
  const database = onlyResource(stack('data'), 'AWS::RDS::DBInstance');

  test('is encrypted, backed up, in two zones and not deleted by mistake', () => {
    expect(database.Properties).toMatchObject({
      DBInstanceIdentifier: 'prod-eu-west-1',
      StorageEncrypted: true,
      MultiAZ: true,
      BackupRetentionPeriod: 30,
      DeletionProtection: true,
      DeleteAutomatedBackups: false,
      PubliclyAccessible: false,
      EnablePerformanceInsights: true,
    });
    expect(database.DeletionPolicy).toBe('Snapshot');
    expect(database.UpdateReplacePolicy).toBe('Snapshot');
  });

  test('has a master user whose secret AWS keeps, and roles that sign in by IAM over TLS', () => {
    expect(database.Properties).toMatchObject({
      ManageMasterUserPassword: true,
      EnableIAMDatabaseAuthentication: true,
    });
    expect(database.Properties).not.toHaveProperty('MasterUserPassword');
    expect(onlyResource(stack('data'), 'AWS::RDS::DBParameterGroup').Properties.Parameters).toMatchObject({
      'rds.force_ssl': '1',
    });
    expect(onlyResource(stack('data'), 'Custom::DatabaseRoles').Properties.Apps).toEqual(['conduit']);
  });

  test('is made from a snapshot where the config names one, and is encrypted as that is', () => {
    const [first, ...others] = clusters;
    const changed = testPlatform({
      clusters: [{ ...first, database: { restoreFrom: 'before-the-flood' } } as never, ...others],
    });
    const { found, templates } = synthesize(changed, { checks: true });
    const { Properties } = onlyResource(
      templateOf({ templates, found }, 'dev-eu-west-1-data'),
      'AWS::RDS::DBInstance',
    );
    expect(Properties.DBSnapshotIdentifier).toBe('before-the-flood');
    for (const key of ['StorageEncrypted', 'KmsKeyId', 'MasterUsername'])
      expect(Properties).not.toHaveProperty(key);
    expect(found).toEqual([]);
  });
});

describe('log groups', () => {
  test('forget after as many days as the config says', () => {
    for (const [name, template] of Object.entries(all.templates)) {
      for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Logs::LogGroup')))
        expect([name, Properties.RetentionInDays]).toEqual([name, 30]);
    }
  });
});

describe('Flux', () => {
  /** A manifest that kubectl applies, with what AWS generates as `…`. */
  const manifests = (cluster: string) =>
    Object.values(resourcesOf(stack('bootstrap', cluster), 'Custom::AWSCDK-EKS-KubernetesResource')).flatMap(
      ({ Properties: { Manifest } }) => {
        const text =
          typeof Manifest === 'string'
            ? Manifest
            : Manifest['Fn::Join'][1]
                .map((part: unknown) => (typeof part === 'string' ? part : '…'))
                .join('');
        return JSON.parse(text);
      },
    );
  const instance = (cluster: string) => manifests(cluster).find(({ kind }) => kind === 'FluxInstance');

  test('is told exactly the variables of the config, each with a value of AWS', () => {
    const variables = manifests('prod-eu-west-1').find(({ kind }) => kind === 'ConfigMap');
    expect(variables.metadata).toMatchObject({
      name: 'cluster-vars',
      namespace: 'flux-system',
      labels: { 'reconcile.fluxcd.io/watch': 'Enabled' },
    });
    expect(variables.data).toEqual(Object.fromEntries(Object.keys(CLUSTER_VARS).map((key) => [key, '…'])));
  });

  test('has no pages of its own, which would show every pod what runs', () => {
    const [operator] = Object.values(
      resourcesOf(templateOf(all, 'prod-eu-west-1-bootstrap'), 'Custom::AWSCDK-EKS-HelmChart'),
    );
    expect(JSON.parse(operator?.Properties.Values)).toMatchObject({ web: { enabled: false } });
  });

  test("syncs the cluster's folder by a GitHub App, and writes images on one cluster only", () => {
    expect(instance('prod-eu-west-1').spec.sync).toEqual({
      kind: 'GitRepository',
      url: 'https://github.com/slipway/slipway',
      ref: 'refs/heads/main',
      path: 'dist/prod-eu-west-1/flux',
      provider: 'github',
      pullSecret: 'flux-git',
    });
    expect(instance('prod-eu-west-1').spec.components).not.toContain('image-automation-controller');
    expect(instance('staging-eu-west-1').spec.components).toContain('image-automation-controller');
  });

  test('reads a public repository as anybody can, but where it writes', () => {
    const read = synthesize(
      testPlatform({ git: { url: 'https://github.com/slipway/slipway', access: 'public' } }),
    );
    const signIns = ['dev', 'staging', 'prod'].map(
      (ring) =>
        Object.keys(resourcesOf(templateOf(read, `${ring}-eu-west-1-bootstrap`), 'Custom::GitCredentials'))
          .length,
    );
    expect(signIns).toEqual([0, 1, 0]);
  });
});

test('no template holds a secret', () => {
  for (const template of Object.values(all.templates)) {
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/BEGIN [A-Z ]*PRIVATE KEY|ghp_|github_pat_|AKIA[0-9A-Z]{16}/);
    expect(text).not.toMatch(/"(MasterUserPassword|SecretString)"/);
  }
});

test('whoever is named hears of alarms, in both regions', () => {
  for (const part of ['observability', 'health']) {
    expect(onlyResource(stack(part), 'AWS::SNS::Subscription').Properties).toMatchObject({
      Protocol: 'email',
      Endpoint: 'platform@slipway.example',
    });
    for (const { Properties } of Object.values(resourcesOf(stack(part), 'AWS::CloudWatch::Alarm')))
      expect(Properties.AlarmActions).toHaveLength(1);
  }
});

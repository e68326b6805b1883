import { CfnDeletionPolicy, RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import {
  CfnDBInstance,
  DatabaseInstanceEngine,
  ParameterGroup,
  PostgresEngineVersion,
  SubnetGroup,
} from 'aws-cdk-lib/aws-rds';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import { APP_SECRETS } from '../config/app-secrets.ts';
import { appIdentities } from '../config/pod-identities.ts';
import { acknowledge } from './checks/acknowledge.ts';
import { logGroup } from './log-group.ts';
import type { NetworkStack } from './network-stack.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';
import { SetupFunction } from './setup-function.ts';

export interface DataStackProps extends ClusterStackProps {
  network: NetworkStack;
}

/** The major of PostgreSQL. RDS chooses its minors, within the maintenance window. */
const POSTGRES = '18';

/** A disk may grow to so many times what the config says, and to no more GiB than RDS has. */
const GROWTH = 5;
const LARGEST_DISK = 65_536;

/** RDS has no Performance Insights on the smallest servers, and refuses to make one with it. */
const TOO_SMALL_FOR_INSIGHTS = /\.(micro|small)$/;

/** The cluster's database server, the roles of apps in it, and the secrets that apps are given. */
export class DataStack extends ClusterPart {
  /** The DNS name of the server that takes writes. */
  readonly host: string;
  /** What IAM calls the server. */
  readonly resourceId: string;
  private readonly key: Key;

  constructor(scope: Construct, { network, ...props }: DataStackProps) {
    super(scope, 'data', props);
    this.key = this.makeKey();
    const database = this.makeDatabase(network);
    this.host = database.attrEndpointAddress;
    this.resourceId = database.attrDbiResourceId;
    this.makeRoles(database, network);
    this.makeSecrets();
  }

  private makeKey(): Key {
    return new Key(this, 'key', {
      alias: `${this.cluster.name}-database`,
      description: `The database of ${this.cluster.name}, its snapshots and its master user's secret`,
      enableKeyRotation: true,
      // A snapshot can be read for as long as its key is there.
      removalPolicy: this.isHighlyAvailable ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }

  private makeDatabase(network: NetworkStack): CfnDBInstance {
    const { name } = this.cluster;
    const { database } = this.infrastructure;
    const parameters = new ParameterGroup(this, 'parameters', {
      engine: DatabaseInstanceEngine.postgres({ version: PostgresEngineVersion.of(POSTGRES, POSTGRES) }),
      description: `PostgreSQL of ${name}`,
      parameters: {
        // On by default; here, so that nobody turns it off unseen.
        'rds.force_ssl': '1',
        // Milliseconds: what takes longer is in the log with its text, without values.
        log_min_duration_statement: '1000',
        log_parameter_max_length: '0',
      },
    });
    const subnets = new SubnetGroup(this, 'subnets', {
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED },
      description: `Database subnets of ${name}`,
      subnetGroupName: name,
    });
    // What a snapshot holds is encrypted with the key it was made with, and RDS takes no other word for it.
    const isRestored = database.restoreFrom !== undefined;
    const instance = new CfnDBInstance(this, 'database', {
      // Chosen here: a change that would replace the server fails, since its name is taken, instead of starting an empty one.
      dbInstanceIdentifier: name,
      dbInstanceClass: database.instance,
      engine: 'postgres',
      engineVersion: POSTGRES,
      autoMinorVersionUpgrade: true,
      allowMajorVersionUpgrade: false,
      ...(isRestored
        ? { dbSnapshotIdentifier: database.restoreFrom }
        : { masterUsername: 'slipway', storageEncrypted: true, kmsKeyId: this.key.keyArn }),
      manageMasterUserPassword: true,
      masterUserSecret: { kmsKeyId: this.key.keyArn },
      enableIamDatabaseAuthentication: true,
      allocatedStorage: String(database.storageGiB),
      maxAllocatedStorage: Math.min(LARGEST_DISK, database.storageGiB * GROWTH),
      storageType: 'gp3',
      multiAz: database.multiAz,
      dbSubnetGroupName: subnets.subnetGroupName,
      vpcSecurityGroups: [network.database.securityGroupId],
      publiclyAccessible: false,
      caCertificateIdentifier: 'rds-ca-rsa2048-g1',
      dbParameterGroupName: parameters.bindToInstance({}).parameterGroupName,
      backupRetentionPeriod: database.backupDays,
      // UTC; nightly in Europe and the Americas alike.
      preferredBackupWindow: '02:00-02:30',
      preferredMaintenanceWindow: 'sun:03:00-sun:04:00',
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: !this.isHighlyAvailable,
      deletionProtection: true,
      ...(!TOO_SMALL_FOR_INSIGHTS.test(database.instance) && {
        enablePerformanceInsights: true,
        performanceInsightsRetentionPeriod: 7, // days; what it costs nothing for
        performanceInsightsKmsKeyId: this.key.keyArn,
      }),
      enableCloudwatchLogsExports: ['postgresql', 'upgrade'],
    });
    instance.cfnOptions.deletionPolicy = this.isHighlyAvailable
      ? CfnDeletionPolicy.SNAPSHOT
      : CfnDeletionPolicy.DELETE;
    instance.cfnOptions.updateReplacePolicy = CfnDeletionPolicy.SNAPSHOT;
    for (const log of ['postgresql', 'upgrade']) {
      instance.node.addDependency(logGroup(this, `${log}-logs`, `/aws/rds/instance/${name}/${log}`));
    }
    this.acknowledge(instance, isRestored);
    return instance;
  }

  private acknowledge(instance: CfnDBInstance, isRestored: boolean): void {
    acknowledge(
      instance,
      'AwsSolutions-RDS11',
      'Who may reach the server is said by its security group; another port would hide it from us, not from others.',
    );
    if (!this.infrastructure.database.multiAz) {
      acknowledge(
        instance,
        'AwsSolutions-RDS3',
        'The config says so: the ring may be without a database for a while.',
      );
    }
    if (isRestored) {
      acknowledge(instance, 'AwsSolutions-RDS2', 'It is encrypted as the snapshot is that it was made from.');
    }
  }

  private makeRoles(database: CfnDBInstance, network: NetworkStack): void {
    const apps = appIdentities(this.platform, this.cluster).map(({ app }) => app);
    if (apps.length === 0) return;
    const secret = database.attrMasterUserSecretSecretArn;
    const roles = new SetupFunction(this, 'roles', {
      part: this,
      network,
      lambda: 'database-roles',
      description: "Makes the apps' roles in the database",
      statements: [
        new PolicyStatement({
          sid: 'SignInAsMaster',
          actions: ['secretsmanager:GetSecretValue'],
          resources: [secret],
        }),
        new PolicyStatement({
          sid: 'ReadItsSecret',
          actions: ['kms:Decrypt'],
          resources: [this.key.keyArn],
          conditions: {
            StringEquals: { 'kms:ViaService': `secretsmanager.${this.cluster.region}.amazonaws.com` },
          },
        }),
      ],
    });
    roles.call('made', 'DatabaseRoles', { Host: this.host, MasterSecret: secret, Apps: apps });
  }

  private makeSecrets(): void {
    for (const app of this.cluster.apps) {
      for (const [what, { generated, others }] of Object.entries(APP_SECRETS[app] ?? {})) {
        const secret = new Secret(this, `secret-${app}-${what}`, {
          secretName: `${this.cluster.name}/${app}/${what}`,
          description: `${what} of ${app} on ${this.cluster.name}`,
          generateSecretString: {
            secretStringTemplate: JSON.stringify(others),
            generateStringKey: generated,
            passwordLength: 64,
            excludePunctuation: true,
          },
        });
        acknowledge(
          secret,
          'AwsSolutions-SMG4',
          'It is exchanged in steps, by a person: see docs/runbooks. Rotated by itself, it would sign everybody out.',
        );
      }
    }
  }
}

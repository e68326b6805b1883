import { Duration } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { DATABASE_INSTANCES } from '../config/checks/database-instances.ts';
import { hasAddOn, ringDomain } from '../config/per-ring.ts';
import { alarmTopic } from './alarm-topic.ts';
import { logGroup, slipwayLogGroup } from './log-group.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';

export interface ObservabilityStackProps extends ClusterStackProps {
  /** The zone that holds the ring's domain. */
  zone: IHostedZone;
}

const GIB = 2 ** 30;

/** Something of the database that is watched. */
interface Watched {
  id: string;
  /** What RDS calls it. */
  metric: string;
  statistic?: string;
  is: 'over' | 'under';
  threshold: number;
  /** What it means, and what to do. */
  says: string;
}

/**
 * What is seen of a cluster from outside of it: certificates of its public names, log groups for what Fluent Bit sends, and
 * alarms of what cannot tell by itself.
 */
export class ObservabilityStack extends ClusterPart {
  readonly certificate: Certificate;

  constructor(scope: Construct, { zone, ...props }: ObservabilityStackProps) {
    super(scope, 'observability', props);
    const domain = ringDomain(this.platform, this.cluster.ring);
    this.certificate = new Certificate(this, 'certificate', {
      domainName: domain,
      subjectAlternativeNames: [`*.${domain}`],
      certificateName: this.cluster.name,
      // AWS renews it for as long as its record stands in the zone.
      validation: CertificateValidation.fromDns(zone),
    });
    this.addLogGroups();
    this.addAlarms();
  }

  private addLogGroups(): void {
    const { name, ring } = this.cluster;
    if (hasAddOn(this.platform, ring, 'fluent-bit')) {
      for (const kind of ['pods', 'nodes']) slipwayLogGroup(this, `${kind}-logs`, kind);
    }
    if (hasAddOn(this.platform, ring, 'container-insights')) {
      logGroup(this, 'insights-logs', `/aws/containerinsights/${name}/performance`);
    }
  }

  private addAlarms(): void {
    const action = alarmTopic(this, `${this.cluster.name}-alarms`, this.platform.aws.emails);
    for (const watched of this.watchedOfDatabase()) this.addDatabaseAlarm(watched, action);
    // AWS tells of a certificate that it cannot renew by this and a mail to the account's owner.
    this.addAlarm(
      {
        id: 'certificate',
        is: 'under',
        threshold: 20,
        says: `The certificate of ${this.cluster.name} ends in less than 20 days: see in ACM which record it misses.`,
      },
      new Metric({
        namespace: 'AWS/CertificateManager',
        metricName: 'DaysToExpiry',
        dimensionsMap: { CertificateArn: this.certificate.certificateArn },
        statistic: 'Minimum',
        period: Duration.days(1),
      }),
      1,
      action,
    );
  }

  private watchedOfDatabase(): Watched[] {
    const { instance, storageGiB, maxConnections } = this.infrastructure.database;
    const memory = DATABASE_INSTANCES[instance] * GIB;
    const { name } = this.cluster;
    return [
      {
        id: 'cpu',
        metric: 'CPUUtilization',
        is: 'over',
        threshold: 80,
        says: `The database of ${name} has worked at over 80 % for 15 minutes: see Performance Insights for which query.`,
      },
      {
        id: 'connections',
        metric: 'DatabaseConnections',
        statistic: 'Maximum',
        is: 'over',
        threshold: Math.floor(maxConnections * 0.8),
        says: `Over 80 % of the connections that ${name} allows its apps are open.`,
      },
      {
        id: 'memory',
        metric: 'FreeableMemory',
        is: 'under',
        threshold: Math.floor(memory * 0.05),
        says: `The database of ${name} has less than 5 % of its memory left.`,
      },
      {
        id: 'storage',
        metric: 'FreeStorageSpace',
        is: 'under',
        // RDS makes the disk larger at a tenth; when this rings it could not.
        threshold: Math.floor(storageGiB * GIB * 0.08),
        says: `The disk of the database of ${name} is nearly full, and has not grown by itself.`,
      },
    ];
  }

  private addDatabaseAlarm({ metric, statistic = 'Average', ...watched }: Watched, action: SnsAction): void {
    const { name } = this.cluster;
    this.addAlarm(
      { ...watched, id: `database-${watched.id}` },
      new Metric({
        namespace: 'AWS/RDS',
        metricName: metric,
        dimensionsMap: { DBInstanceIdentifier: name },
        statistic,
        period: Duration.minutes(5),
      }),
      3,
      action,
    );
  }

  private addAlarm(
    { id, is, threshold, says }: Omit<Watched, 'metric'>,
    metric: Metric,
    evaluationPeriods: number,
    action: SnsAction,
  ): void {
    const alarm = new Alarm(this, `alarm-${id}`, {
      alarmName: `${this.cluster.name}-${id}`,
      alarmDescription: says,
      metric,
      threshold,
      evaluationPeriods,
      comparisonOperator:
        is === 'over' ? ComparisonOperator.GREATER_THAN_THRESHOLD : ComparisonOperator.LESS_THAN_THRESHOLD,
      // A database that is being restored says nothing, and is watched by the check of the public address.
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
    alarm.addAlarmAction(action);
    alarm.addOkAction(action);
  }
}

import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, Metric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { HealthCheck, HealthCheckType } from 'aws-cdk-lib/aws-route53';
import type { Construct } from 'constructs';
import { ringDomain } from '../config/per-ring.ts';
import { alarmTopic } from './alarm-topic.ts';
import { ClusterPart, type ClusterStackProps } from './platform-stack.ts';

/** Where Route 53 says how its checks go, whatever region they are about. @see https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html */
export const HEALTH_REGION = 'us-east-1';

/** Whether users reach the cluster's apps: Route 53 asks their public addresses from several continents. */
export class HealthStack extends ClusterPart {
  constructor(scope: Construct, props: ClusterStackProps) {
    super(scope, 'health', { ...props, env: { account: props.cluster.account, region: HEALTH_REGION } });
    const { name, apps, ring } = this.cluster;
    const action = alarmTopic(this, `${name}-health`, this.platform.aws.emails);
    for (const app of apps) {
      const host = `${this.platform.apps[app]?.subdomain ?? app}.${ringDomain(this.platform, ring)}`;
      const check = new HealthCheck(this, `check-${app}`, {
        type: HealthCheckType.HTTPS,
        fqdn: host,
        resourcePath: '/',
        requestInterval: Duration.seconds(30),
        // Three in a row from most places: about a minute and a half.
        failureThreshold: 3,
        enableSNI: true,
      });
      const alarm = new Alarm(this, `alarm-${app}`, {
        alarmName: `${name}-${app}-unreachable`,
        alarmDescription: `https://${host}/ does not answer users: see docs/runbooks/web-service-down.md.`,
        metric: new Metric({
          namespace: 'AWS/Route53',
          metricName: 'HealthCheckStatus',
          dimensionsMap: { HealthCheckId: check.healthCheckId },
          statistic: 'Minimum',
          period: Duration.minutes(1),
        }),
        threshold: 1,
        evaluationPeriods: 2,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        treatMissingData: TreatMissingData.BREACHING,
      });
      alarm.addAlarmAction(action);
      alarm.addOkAction(action);
    }
  }
}

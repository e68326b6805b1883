import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { acknowledge } from './checks/acknowledge.ts';

/**
 * What AWS says of instances before it takes them, by what we call it.
 *
 * @see https://karpenter.sh/docs/reference/cloudformation/#interruption-handling
 */
const EVENTS = {
  'scheduled-change': { source: ['aws.health'], detailType: ['AWS Health Event'] },
  'spot-interruption': { source: ['aws.ec2'], detailType: ['EC2 Spot Instance Interruption Warning'] },
  rebalance: { source: ['aws.ec2'], detailType: ['EC2 Instance Rebalance Recommendation'] },
  'state-change': { source: ['aws.ec2'], detailType: ['EC2 Instance State-change Notification'] },
  'capacity-reservation': {
    source: ['aws.ec2'],
    detailType: ['EC2 Capacity Reservation Instance Interruption Warning'],
  },
};

/** The queue by which Karpenter hears that a node is about to go, so that its pods move first. */
export class Interruptions extends Construct {
  readonly queue: Queue;

  /** @param clusterName the queue has this name */
  constructor(scope: Construct, id: string, clusterName: string) {
    super(scope, id);
    this.queue = new Queue(this, 'queue', {
      queueName: clusterName,
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      // After two minutes a spot instance is gone; a warning that nobody has read by then is worth nothing.
      retentionPeriod: Duration.minutes(5),
    });
    acknowledge(
      this.queue,
      'AwsSolutions-SQS3',
      'A warning that could not be read in time tells of a node that is gone: nobody would look at it later.',
    );
    for (const [name, eventPattern] of Object.entries(EVENTS)) {
      new Rule(this, name, {
        ruleName: `${clusterName}-${name}`,
        eventPattern,
        targets: [new SqsQueue(this.queue)],
      });
    }
  }
}

import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { Construct } from 'constructs';

/**
 * Where alarms go that ring when the cluster itself may not be there to tell of them.
 *
 * @param name its name, which the region has once
 * @param emails who gets a message; each says yes once, by a link in the first one
 */
export function alarmTopic(scope: Construct, name: string, emails: readonly string[]): SnsAction {
  const topic = new Topic(scope, 'alarms', { topicName: name, enforceSSL: true });
  for (const email of emails) topic.addSubscription(new EmailSubscription(email));
  return new SnsAction(topic);
}

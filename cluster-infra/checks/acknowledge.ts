import { Validations } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/** That a finding stays. */
export interface Acknowledgement {
  /** The path of the construct that it was said of. */
  at: string;
  /** The rule, after the name of who has it: `AwsSolutions::AwsSolutions-RDS3`. */
  rule: string;
}

/** What was acknowledged, by app. */
const said = new WeakMap<IConstruct, Acknowledgement[]>();

/**
 * Says of a finding that it stays, and why. It holds for the construct and all below it. One that nothing is found for any more
 * is itself a finding: see findings.ts.
 *
 * @param construct where the finding is
 * @param rule `AwsSolutions-IAM5[Resource::*]` of cdk-nag, or `W3010` of CloudFormation's own rules
 * @param reason why it is right as it is
 */
export function acknowledge(construct: IConstruct, rule: string, reason: string): void {
  // Named after who finds it, or cdk-nag would leave it out before anybody could tell whether it was there.
  const pack = rule.startsWith('AwsSolutions-') ? 'AwsSolutions' : 'CloudFormation-Validate';
  const id = `${pack}::${rule}`;
  Validations.of(construct).acknowledge({ id, reason });
  const { root, path } = construct.node;
  said.set(root, [...acknowledged(root), { at: path, rule: id.replaceAll(' ', '-') }]);
}

/** All that was acknowledged in an app. */
export function acknowledged(app: IConstruct): readonly Acknowledgement[] {
  return said.get(app) ?? [];
}

import { CustomResource, Duration } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Function as LambdaFunction, Runtime } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { acknowledge } from './checks/acknowledge.ts';
import { lambdaCode } from './lambda-code.ts';
import { slipwayLogGroup } from './log-group.ts';
import type { NetworkStack } from './network-stack.ts';
import type { ClusterPart } from './platform-stack.ts';

export interface SetupFunctionProps {
  part: ClusterPart;
  network: NetworkStack;
  /** The folder of `lambdas/` that it is made from. */
  lambda: string;
  /** What it is for, in a few words. */
  description: string;
  /** What it may do besides being a function in the VPC. */
  statements: PolicyStatement[];
}

/** A function that CloudFormation calls once in a while to set something up from inside the VPC. */
export class SetupFunction extends Construct {
  readonly role: Role;
  private readonly handler: LambdaFunction;

  constructor(scope: Construct, id: string, { part, network, ...props }: SetupFunctionProps) {
    super(scope, id);
    const name = `${part.cluster.name}-${props.lambda}`;
    const logs = slipwayLogGroup(part, `${id}-logs`, props.lambda);
    this.role = new Role(this, 'role', {
      roleName: name,
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    });
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'WriteItsLog',
        actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
        resources: [logs.logGroupArn],
      }),
    );
    this.role.addToPolicy(
      new PolicyStatement({
        sid: 'BeInTheVpc',
        actions: [
          'ec2:CreateNetworkInterface',
          'ec2:DeleteNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
        ],
        resources: ['*'],
      }),
    );
    for (const statement of props.statements) this.role.addToPolicy(statement);
    acknowledge(
      this.role,
      'AwsSolutions-IAM5[Resource::*]',
      'Lambda makes network interfaces before they have a name, by a role that only it can take on.',
    );
    this.handler = new LambdaFunction(this, 'function', {
      functionName: name,
      description: `${props.description} of ${part.cluster.name}`,
      // The function's role has the statements above, which are narrower than those that the CDK would give it.
      role: this.role.withoutPolicyUpdates(),
      code: lambdaCode(props.lambda),
      handler: 'index.handler',
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 256,
      timeout: Duration.minutes(2),
      logGroup: logs,
      vpc: network.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      securityGroups: [network.setup],
    });
    // Without them it could neither start in the VPC nor say why not.
    this.handler.node.addDependency(this.role);
  }

  /**
   * Calls it when the stack is made, and whenever what it is told changes.
   *
   * @param type what the resource is, after `Custom::`
   */
  call(id: string, type: string, properties: Record<string, unknown>): CustomResource {
    return new CustomResource(this, id, {
      resourceType: `Custom::${type}`,
      serviceToken: this.handler.functionArn,
      serviceTimeout: Duration.minutes(5),
      properties,
    });
  }
}

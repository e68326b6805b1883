import type { Template } from '../templates.ts';
import type { Aws } from './aws.ts';
import { AwsError } from './aws-error.ts';

/** A stack as CloudFormation has it. */
export interface DeployedStack {
  /** `CREATE_COMPLETE` */
  status: string;
  /** Why, where CloudFormation says so. */
  reason?: string | undefined;
  outputs: Readonly<Record<string, string>>;
}

/** A resource that kept a stack from where it was going. */
export interface FailedResource {
  id: string;
  type: string;
  reason: string;
}

interface DescribeStacks {
  Stacks: {
    StackStatus: string;
    StackStatusReason?: string;
    Outputs?: { OutputKey: string; OutputValue: string }[];
  }[];
}

interface DescribeStackEvents {
  StackEvents: {
    LogicalResourceId: string;
    ResourceType: string;
    ResourceStatus: string;
    ResourceStatusReason?: string;
  }[];
}

/** @returns `undefined` when there is no such stack */
export async function describeStack(
  aws: Aws,
  region: string,
  name: string,
): Promise<DeployedStack | undefined> {
  try {
    const { Stacks } = (await aws(region, 'cloudformation describe-stacks', {
      StackName: name,
    })) as DescribeStacks;
    const [stack] = Stacks;
    if (stack === undefined || stack.StackStatus === 'DELETE_COMPLETE') return undefined;
    return {
      status: stack.StackStatus,
      reason: stack.StackStatusReason,
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]),
      ),
    };
  } catch (error) {
    // CloudFormation has no code of its own for it.
    if (error instanceof AwsError && error.message.includes('does not exist')) return undefined;
    throw error;
  }
}

/** Asks CloudFormation to delete a stack; it goes on by itself. */
export async function deleteStack(aws: Aws, region: string, name: string): Promise<void> {
  await aws(region, 'cloudformation delete-stack', { StackName: name });
}

/** What failed when a stack was last changed, the first cause first. */
export async function failuresOf(aws: Aws, region: string, name: string): Promise<FailedResource[]> {
  const { StackEvents } = (await aws(region, 'cloudformation describe-stack-events', {
    StackName: name,
  })) as DescribeStackEvents;
  // Newest first; the last change began with the newest event in which the stack itself came under way.
  const began = StackEvents.findIndex(
    ({ ResourceType, ResourceStatus }) =>
      ResourceType === 'AWS::CloudFormation::Stack' &&
      /^(CREATE|UPDATE|DELETE)_IN_PROGRESS$/.test(ResourceStatus),
  );
  return StackEvents.slice(0, began === -1 ? undefined : began)
    .filter(
      ({ ResourceType, ResourceStatus, ResourceStatusReason = '' }) =>
        ResourceType !== 'AWS::CloudFormation::Stack' &&
        ResourceStatus.endsWith('_FAILED') &&
        // These fell with another one.
        !/cancelled/i.test(ResourceStatusReason),
    )
    .map(({ LogicalResourceId, ResourceType, ResourceStatusReason = 'no reason given' }) => ({
      id: LogicalResourceId,
      type: ResourceType,
      reason: ResourceStatusReason,
    }))
    .reverse();
}

/** The template that a stack was last deployed by. */
export async function deployedTemplate(aws: Aws, region: string, name: string): Promise<Template> {
  const { TemplateBody } = (await aws(region, 'cloudformation get-template', {
    StackName: name,
    TemplateStage: 'Original',
  })) as { TemplateBody: Template | string };
  return typeof TemplateBody === 'string' ? JSON.parse(TemplateBody) : TemplateBody;
}

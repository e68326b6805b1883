// The laws of our policies, over CloudFormation templates as data.

/** A policy that says what none may. */
export interface IamFinding {
  /** `wildcard-resource`, `wildcard-action` or `managed-policy`. */
  rule: string;
  /** The resource of the template. */
  resource: string;
  says: string;
}

/** A resource of a template, as far as we read it. */
interface TemplateResource {
  Type: string;
  Properties?: Record<string, unknown>;
}

/** A CloudFormation template, as far as we read it. */
export interface Template {
  Resources?: Record<string, TemplateResource>;
}

/** One statement of a policy, with its lists as lists. */
export interface Statement {
  /** The resource of the template that it stands in. */
  resource: string;
  effect: string;
  actions: string[];
  /** ARNs, with what AWS generates as `<LogicalId.Attribute>`. */
  resources: string[];
  /** Whether it says under which conditions it holds. */
  conditions: string;
}

/**
 * Actions for which AWS has no resource, so that `*` is the only thing to say: what lists or describes, and few others.
 *
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 */
const NO_RESOURCE: readonly RegExp[] = [
  /^(ec2|elasticloadbalancing):Describe[A-Za-z]+$/,
  /^ec2:(Create|Delete)NetworkInterface$/, // of functions in a VPC: see setup-function.ts
  /^route53:ListHostedZones$/,
  /^iam:ListInstanceProfiles$/,
  /^pricing:GetProducts$/,
  /^ecr:GetAuthorizationToken$/,
  /^xray:Put(TraceSegments|TelemetryRecords)$/,
  /^arc-zonal-shift:GetManagedResource$/,
];

/** The policies of AWS that we give to roles, each looked at once. @see docs/aws.md */
const MANAGED_POLICIES: readonly string[] = [
  'AmazonEKSClusterPolicy',
  'AmazonEKSWorkerNodePolicy',
  'AmazonEC2ContainerRegistryPullOnly',
  'AmazonSSMManagedInstanceCore',
  'AmazonEKS_CNI_Policy',
  'service-role/AmazonEBSCSIDriverPolicy',
  'CloudWatchAgentServerPolicy',
  // Of the CDK's own functions.
  'service-role/AWSLambdaBasicExecutionRole',
  'service-role/AWSLambdaVPCAccessExecutionRole',
  'AmazonEC2ContainerRegistryReadOnly',
  'AmazonElasticContainerRegistryPublicReadOnly',
];

/** What in a template no policy of ours may say. */
export function findingsIn(template: Template): IamFinding[] {
  return [
    ...statementsIn(template).flatMap(wildcards),
    ...managedPoliciesIn(template)
      .filter(({ policy }) => !MANAGED_POLICIES.includes(policy))
      .map(({ resource, policy }) => ({
        rule: 'managed-policy',
        resource,
        says: `${policy} is not among the policies of AWS that were looked at; those are in cluster-infra/checks/iam-findings.ts`,
      })),
  ];
}

function wildcards({ resource, effect, actions, resources }: Statement): IamFinding[] {
  if (effect === 'Deny') return [];
  const wide = actions.filter((action) => action.includes('*'));
  const nowhere = resources.some((resource) => resource.startsWith('*'))
    ? actions.filter((action) => !NO_RESOURCE.some((known) => known.test(action)))
    : [];
  return [
    ...wide.map((action) => ({
      rule: 'wildcard-action',
      resource,
      says: `${action} allows more than one thing: name each action`,
    })),
    ...nowhere.map((action) => ({
      rule: 'wildcard-resource',
      resource,
      says: `${action} on * : AWS takes a resource for it, so name which`,
    })),
  ];
}

/** Every statement of every policy of a role, in the order of the template. */
export function statementsIn({ Resources = {} }: Template): Statement[] {
  return Object.entries(Resources).flatMap(([resource, { Type, Properties = {} }]) => {
    const documents =
      Type === 'AWS::IAM::Policy' || Type === 'AWS::IAM::ManagedPolicy'
        ? [Properties.PolicyDocument]
        : Type === 'AWS::IAM::Role'
          ? ((Properties.Policies as { PolicyDocument: unknown }[] | undefined) ?? []).map(
              ({ PolicyDocument }) => PolicyDocument,
            )
          : [];
    return documents.flatMap((document) => statementsOf(resource, document));
  });
}

function statementsOf(resource: string, document: unknown): Statement[] {
  const { Statement: statements } = document as { Statement: Record<string, unknown>[] };
  return statements.map(({ Effect, Action, NotAction, Resource, NotResource, Condition }) => ({
    resource,
    effect: String(Effect),
    actions: [...asList(Action).map(String), ...asList(NotAction).map(allBut)],
    resources: [...asList(Resource).map(flatten), ...asList(NotResource).map(allBut)],
    conditions: Condition === undefined ? '' : JSON.stringify(Condition),
  }));
}

/** What allows everything else is as wide as `*`. */
function allBut(value: unknown): string {
  return `* but ${flatten(value)}`;
}

/** The policies of AWS that roles have, by their names after `policy/`. */
export function managedPoliciesIn({ Resources = {} }: Template): { resource: string; policy: string }[] {
  return Object.entries(Resources).flatMap(([resource, { Type, Properties = {} }]) => {
    if (Type !== 'AWS::IAM::Role') return [];
    const text = asList(Properties.ManagedPolicyArns).map(flatten).join(' ');
    return [...text.matchAll(/iam::aws:policy\/([\w/+=,.@-]+)/g)].map(([, policy = '']) => ({
      resource,
      policy,
    }));
  });
}

/** A value of a template as text: what AWS generates is named in angle brackets. */
export function flatten(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const [key, inner] = Object.entries(value)[0] ?? ['', ''];
  if (key === 'Ref') return inner === 'AWS::Partition' ? 'aws' : `<${inner}>`;
  if (key === 'Fn::GetAtt') return `<${(inner as string[]).join('.')}>`;
  if (key === 'Fn::ImportValue') return `<${flatten(inner).split(':').at(-1)}>`;
  if (key === 'Fn::Join') return (inner as [string, unknown[]])[1].map(flatten).join((inner as [string])[0]);
  if (key === 'Fn::If') return (inner as unknown[]).slice(1).map(flatten).join(' or ');
  return JSON.stringify(value);
}

function asList(value: unknown): unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}

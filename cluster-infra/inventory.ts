// What there will be in AWS, in a form that a person reviews: one line for each resource, and for each thing that is allowed.
import type { Platform } from '../config/schema.ts';
import { flatten, managedPoliciesIn, statementsIn, type Template } from './checks/iam-findings.ts';

/** A template and the stack it is of. */
export interface StackTemplate {
  /** `dev-eu-west-1-network` */
  stack: string;
  template: Template;
}

/** A file of the inventory. */
export interface InventoryFile {
  /** `dev-eu-west-1.txt` */
  name: string;
  text: string;
}

/** What a type of resource is called by, where we choose the name ahead. */
const NAMES: readonly string[] = [
  'AlarmName',
  'AddonName',
  'BudgetName',
  'ClusterName',
  'DBInstanceIdentifier',
  'DBSubnetGroupName',
  'FunctionName',
  'GroupName',
  'LaunchTemplateName',
  'LogGroupName',
  'ManagedPolicyName',
  'Name',
  'NodegroupName',
  'QueueName',
  'RepositoryName',
  'RoleName',
  'SecretName',
  'ServiceAccount',
  'TopicName',
  'AliasName',
  'DomainName',
  'EventPattern',
];

/**
 * The inventory of a platform: a file for each cluster and account, and one of what roles may do.
 *
 * @param templates those of all stacks
 */
export function inventory(platform: Platform, templates: readonly StackTemplate[]): InventoryFile[] {
  const owners = [
    ...platform.clusters.map(({ name }) => name),
    ...new Set(templates.flatMap(({ stack }) => /^account-\d{12}/.exec(stack)?.[0] ?? [])),
  ];
  const files = owners.map((owner) => {
    const lines = templates
      .filter(({ stack }) => ownerOf(stack, owners) === owner)
      .flatMap(({ stack, template }) => resourceLines(stack.slice(owner.length + 1), template));
    return file(
      owner,
      `Every resource of ${owner}: stack, type, id in its template, and the name that we chose.`,
      lines,
    );
  });
  return [...files, iamFile(platform, templates)];
}

/** Whose stack it is: of the names that it begins with, the longest. */
function ownerOf(stack: string, owners: readonly string[]): string | undefined {
  return owners.filter((owner) => stack.startsWith(`${owner}-`)).sort((a, b) => b.length - a.length)[0];
}

function file(name: string, says: string, lines: readonly string[]): InventoryFile {
  const sorted = [...new Set(lines)].sort();
  return {
    name: `${name}.txt`,
    text: `# Made by \`npm run infra:synth\`. Don't edit.\n# ${says}\n\n${sorted.join('\n')}\n`,
  };
}

function resourceLines(part: string, { Resources = {} }: Template): string[] {
  return Object.entries(Resources).map(([id, { Type, Properties = {} }]) =>
    [part, Type, id, nameOf(Properties)].join('  ').trimEnd(),
  );
}

/** The name of a resource that we chose; empty when AWS chooses it. */
export function nameOf(properties: Readonly<Record<string, unknown>>): string {
  const name = NAMES.find((key) => typeof properties[key] === 'string');
  return name === undefined ? '' : String(properties[name]);
}

/** What roles may do: the same for every cluster but for its names, so each is said once. */
function iamFile(platform: Platform, templates: readonly StackTemplate[]): InventoryFile {
  const lines = templates.flatMap(({ stack, template }) => {
    const cluster = platform.clusters.find(({ name }) => stack.startsWith(`${name}-`));
    const plain = (text: string) => withoutNames(text, platform, cluster?.name ?? '');
    const names = policyNames(template);
    const managed = managedPoliciesIn(template).map(
      ({ resource, policy }) => `${plain(names.get(resource) ?? resource)}  all of ${policy}, by AWS`,
    );
    const own = statementsIn(template).flatMap(({ resource, effect, actions, resources, conditions }) =>
      actions.flatMap((action) =>
        resources.map((on) =>
          [
            plain(names.get(resource) ?? resource),
            effect === 'Allow' ? action : `${effect} ${action}`,
            plain(on),
            plain(conditions),
          ]
            .join('  ')
            .trimEnd(),
        ),
      ),
    );
    return [...managed, ...own];
  });
  const says = 'What roles may do, on which resource and under which conditions: a line for each action.';
  return file('iam', says, lines);
}

/** The names of policies; of one that belongs to a role, that of the role. */
function policyNames({ Resources = {} }: Template): Map<string, string> {
  return new Map(
    Object.entries(Resources).map(([id, { Properties = {} }]) => {
      const [role] = (Properties.Roles as unknown[] | undefined) ?? [];
      const owner = Properties.ManagedPolicyName ?? Properties.RoleName ?? role ?? id;
      return [id, flatten(owner)];
    }),
  );
}

/** A text in which what differs between clusters is named by what it is. */
function withoutNames(text: string, platform: Platform, cluster: string): string {
  const regions = new Set(platform.clusters.map(({ region }) => region));
  let plain = cluster === '' ? text : text.replaceAll(cluster, '<cluster>');
  plain = plain
    .replaceAll(/\b\d{12}\b/g, '<account>')
    .replaceAll(`${platform.organisation}-ci-`, '<organisation>-ci-');
  for (const region of regions) plain = plain.replaceAll(region, '<region>');
  return plain.replaceAll(/<ExportsOutputRefzone\w+>/g, "<the ring's zone>");
}

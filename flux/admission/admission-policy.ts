import { Construct } from 'constructs';
import type { IValidatingAdmissionPolicy } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy';
import type { IValidatingAdmissionPolicyBinding } from 'kubernetes-models/admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding';
import { clusterScoped } from '../../charts/cluster-scoped.ts';
import { CustomResource } from '../../charts/custom-resource.ts';
import { NAMESPACE_LABEL } from '../../charts/network-peers.ts';

/** Kinds of one API group that a rule is for. */
export interface Kinds {
  group: string;
  version: string;
  /** Their names in the API: `deployments`. */
  resources: readonly string[];
  /** @default when they are made and when they are changed */
  when?: 'CREATE' | 'UPDATE';
}

/** A rule that the Kubernetes API holds objects to before it takes them. */
export interface AdmissionRule {
  /** The name of the policy. */
  name: string;
  /** What it is for, in one sentence. */
  why: string;
  kinds: readonly Kinds[];
  /** Expressions that others begin with, in their order: `variables.<name>`. */
  variables?: Readonly<Record<string, string>>;
  /** What must hold, in CEL, and what is said where it does not: a text, or an expression that makes one. */
  validations: readonly { expression: string; message: string; messageExpression?: string }[];
}

/** Which namespaces a rule is for. */
export type Namespaces = { only: readonly string[] } | { except: readonly string[] };

export interface AdmissionPolicyProps {
  rule: AdmissionRule;
  /** @default all, and what is in none */
  namespaces?: Namespaces;
  /** Refuses what breaks the rule; else who sends it is warned, and the audit log says so. */
  isEnforced: boolean;
}

/**
 * A rule, and where it holds. It is judged inside the Kubernetes API: nothing can be away that judges.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy/
 */
export class AdmissionPolicy extends Construct {
  constructor(scope: Construct, id: string, { rule, namespaces, isEnforced }: AdmissionPolicyProps) {
    super(scope, id);
    clusterScoped(
      new CustomResource<IValidatingAdmissionPolicy>(this, 'policy', {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicy',
        metadata: { name: rule.name },
        spec: {
          // What can't be judged is refused: an expression that fails is a mistake in the rule.
          failurePolicy: 'Fail',
          matchConstraints: {
            resourceRules: rule.kinds.map(({ group, version, resources, when }) => ({
              apiGroups: [group],
              apiVersions: [version],
              operations: when === undefined ? ['CREATE', 'UPDATE'] : [when],
              resources: [...resources],
            })),
          },
          // What is on its way out may be changed until it is gone, whatever it is.
          matchConditions: [{ name: 'stays', expression: '!has(object.metadata.deletionTimestamp)' }],
          ...(rule.variables && {
            variables: Object.entries(rule.variables).map(([name, expression]) => ({ name, expression })),
          }),
          validations: [...rule.validations],
        },
      }),
    );
    clusterScoped(
      new CustomResource<IValidatingAdmissionPolicyBinding>(this, 'binding', {
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingAdmissionPolicyBinding',
        metadata: { name: rule.name },
        spec: {
          policyName: rule.name,
          validationActions: isEnforced ? ['Deny', 'Audit'] : ['Warn', 'Audit'],
          ...(namespaces && { matchResources: { namespaceSelector: selectorOf(namespaces) } }),
        },
      }),
    );
  }
}

/** By name, since a label that anybody may set would let anybody out. */
function selectorOf(namespaces: Namespaces) {
  const [operator, values] =
    'only' in namespaces ? (['In', namespaces.only] as const) : (['NotIn', namespaces.except] as const);
  return { matchExpressions: [{ key: NAMESPACE_LABEL, operator, values: [...values] }] };
}

// Judges objects by a rule as the Kubernetes API does.
import { Environment } from '@marcbachmann/cel-js';
import type { AdmissionRule } from '../admission/admission-policy.ts';

const cel = new Environment({ unlistedVariablesAreDyn: true, enableOptionalTypes: true });

/**
 * What is said of an object.
 *
 * @returns the message of each validation that does not hold; nothing where the object is taken
 */
export function judged(rule: AdmissionRule, object: object): string[] {
  const scope = { object: withIntegers(object), variables: {} as Record<string, unknown> };
  for (const [name, expression] of Object.entries(rule.variables ?? {}))
    scope.variables[name] = cel.evaluate(expression, scope);
  return rule.validations.flatMap(({ expression, message, messageExpression }) => {
    const holds = cel.evaluate(expression, scope);
    if (typeof holds !== 'boolean') throw new Error(`${expression} is ${String(holds)}`);
    if (holds) return [];
    return [messageExpression === undefined ? message : String(cel.evaluate(messageExpression, scope))];
  });
}

/** The API has whole numbers where JSON has numbers; CEL tells the two apart. */
function withIntegers(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? BigInt(value) : value;
  if (Array.isArray(value)) return value.map(withIntegers);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withIntegers(item)]));
}

/** A pod, as far as tests look into it. */
export interface Pod {
  kind: 'Pod';
  metadata: { name: string; namespace: string; labels?: Record<string, string> | undefined };
  spec: { containers: [Record<string, unknown>]; [field: string]: unknown };
}

/** A pod that every rule takes, or that differs from one in its spec. */
export function pod(changes: object = {}, container: object = {}): Pod & { apiVersion: 'v1' } {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shop', namespace: 'shop', labels: { 'app.kubernetes.io/name': 'shop' } },
    spec: {
      securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'shop',
          image: 'ghcr.io/slipway/shop:1.0.0',
          resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } },
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
            readOnlyRootFilesystem: true,
          },
          ...container,
        },
      ],
      ...changes,
    },
  };
}

/** What makes pods like one. */
export function madeOf({ metadata, spec }: Pod): object[] {
  const template = { metadata: { labels: metadata.labels }, spec };
  const { name, namespace } = metadata;
  const object = (apiVersion: string, kind: string, own: object) => ({
    apiVersion,
    kind,
    metadata: { name, namespace },
    spec: own,
  });
  return [
    ...['Deployment', 'StatefulSet', 'DaemonSet'].map((kind) => object('apps/v1', kind, { template })),
    object('batch/v1', 'Job', { template }),
    object('batch/v1', 'CronJob', { schedule: '@daily', jobTemplate: { spec: { template } } }),
  ];
}

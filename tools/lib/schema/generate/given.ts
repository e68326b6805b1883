import { DATA_KEY, DNS_LABEL, LABEL_KEY, LABEL_VALUE, QUANTITY } from '../patterns.ts';
import type { Schema } from '../schema.ts';

/** Labels as every object may have them. */
export const LABELS: Schema = {
  type: 'object',
  propertyNames: { pattern: LABEL_KEY, maxLength: 317 },
  additionalProperties: { type: 'string', maxLength: 63, pattern: LABEL_VALUE },
};

/** What the packages call the metadata of an object. */
export const METADATA = 'IoK8sApimachineryPkgApisMetaV1ObjectMeta';

/**
 * Schemas that stand in the place of what an interface says, by the name the packages give it.
 *
 * Metadata is closed to what a person may write: the rest is the API server's.
 */
export const GIVEN: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  [
    METADATA,
    {
      type: 'object',
      properties: {
        name: { type: 'string', minLength: 1, maxLength: 253 },
        namespace: { type: 'string', maxLength: 63, pattern: DNS_LABEL },
        labels: LABELS,
        annotations: {
          type: 'object',
          propertyNames: { pattern: LABEL_KEY, maxLength: 317 },
          additionalProperties: { type: 'string' },
        },
        finalizers: { type: 'array', items: { type: 'string', pattern: LABEL_KEY } },
      },
      additionalProperties: false,
    },
  ],
  ['IoK8sApimachineryPkgApiResourceQuantity', { type: ['string', 'number'], pattern: QUANTITY }],
  ['IoK8sApimachineryPkgUtilIntstrIntOrString', { type: ['integer', 'string'] }],
  // Values of a chart, patches, parameters: what fits is for another program to say.
  ['IoK8sApiextensionsApiserverPkgApisApiextensionsV1JSON', {}],
  ['IoK8sApimachineryPkgRuntimeRawExtension', {}],
]);

/** A map from file names. */
export function dataOf(values: Schema): Schema {
  return {
    type: 'object',
    propertyNames: { pattern: DATA_KEY, maxLength: 253 },
    additionalProperties: values,
  };
}

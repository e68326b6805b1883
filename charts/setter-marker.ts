import type { ApiObject } from 'cdk8s';

const METADATA_TYPE = 'slipway:setter-marker';

/** A value in an object that Flux's image automation may set, and the policy that says to what. */
export interface SetterMarker {
  /** Where the value stands: `['spec', 'template', 'spec', 'containers', 0, 'image']`. */
  path: readonly (string | number)[];
  /** `namespace:name` of the ImagePolicy. */
  policy: string;
}

/**
 * Lets Flux's image automation set one value of an object. The writer puts the marker behind that value.
 *
 * @param object the object that holds the value
 * @param marker where the value stands and which policy sets it
 */
export function addSetterMarker(object: ApiObject, marker: SetterMarker): void {
  object.node.addMetadata(METADATA_TYPE, marker);
}

/** The markers of an object, in the order in which they were added. */
export function setterMarkers(object: ApiObject): SetterMarker[] {
  return object.node.metadata.filter(({ type }) => type === METADATA_TYPE).map(({ data }) => data);
}

import { ApiObject } from 'cdk8s';
import type { Construct } from 'constructs';

/** What every object of Kubernetes has; the typed interfaces of the custom resources extend it. */
export interface Resource {
  apiVersion: string;
  kind: string;
  metadata?: {
    name?: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  spec?: unknown;
}

/**
 * An object of a kind that Kubernetes itself does not have, typed by the interface of its kind, so that a
 * misspelt field does not compile: `new CustomResource<ICanary>(this, 'canary', {...})`.
 *
 * The namespace is the chart's where `metadata` names none.
 */
export class CustomResource<T extends Resource> extends ApiObject {
  constructor(scope: Construct, id: string, props: T) {
    super(scope, id, props);
  }
}

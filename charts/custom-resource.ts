import { ApiObject, type JsonPatch } from 'cdk8s';
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
  private readonly manifest: T;
  private isPatched = false;

  constructor(scope: Construct, id: string, manifest: T) {
    super(scope, id, manifest);
    this.manifest = manifest;
  }

  override addJsonPatch(...operations: JsonPatch[]): void {
    this.isPatched = true;
    super.addJsonPatch(...operations);
  }

  /** As cdk8s renders it, but in one pass where every value is plain, which is a fifth of a compile's time. */
  override toJson(): unknown {
    if (this.isPatched) return super.toJson();
    const { apiVersion, kind, metadata: _, ...rest } = this.manifest;
    const plain = sorted(rest);
    return plain === NOT_PLAIN
      ? super.toJson()
      : { apiVersion, kind, metadata: this.metadata.toJson(), ...(plain as object) };
  }
}

/** One of the typed classes of cdk8s-plus for a kind of Kubernetes' own. */
interface CoreKind<Props> {
  manifest(props: Props): Resource;
}

/**
 * An object of a kind of Kubernetes' own, typed by the class that cdk8s-plus has for it:
 * `new CoreResource(this, 'account', KubeServiceAccount, {...})`.
 *
 * Those classes leave out a field that their kind does not have, without a word. Here it stays, so that a compile, which
 * knows nothing of types, refuses it too.
 */
export class CoreResource<Props> extends CustomResource<Resource> {
  constructor(scope: Construct, id: string, kind: CoreKind<Props>, props: Props) {
    super(scope, id, withDropped(props, kind.manifest(props)) as Resource);
  }
}

/**
 * An object as it is written, fields that its kind does not have included: see {@link CoreResource}.
 *
 * @param object of any class: one of cdk8s-plus, used as it is, leaves out such fields too
 */
export function wholeJson(object: ApiObject): unknown {
  const made = object.toJson();
  // Not instanceof: by cdk8s's own rule, every ApiObject is an instance of a class that extends it.
  const isOurs = Object.prototype.isPrototypeOf.call(CustomResource.prototype, object);
  return isOurs ? made : withDropped(ApiObject.prototype.toJson.call(object), made);
}

/**
 * Puts back what was left out.
 *
 * @param given the props, or a value in them
 * @param made what became of it; what lacks is put into it
 * @returns what is to stand there
 */
function withDropped(given: unknown, made: unknown): unknown {
  if (given === made) return made;
  // A text or a number in the place of an object became an empty one.
  if (given === null || typeof given !== 'object') return given;
  if (Array.isArray(given)) {
    if (!Array.isArray(made)) return given;
    for (let index = 0; index < given.length; index++) {
      if (given[index] !== made[index]) made[index] = withDropped(given[index], made[index]);
    }
    return made;
  }
  // Quantity and IntOrString became what they hold.
  if (given.constructor !== Object || ('value' in given && given.value === made)) return made;
  if (made === null || typeof made !== 'object') return given;
  const fields = made as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    const value = (given as Record<string, unknown>)[key];
    // Most are texts and numbers that are as they were: a call for each would cost more than all the others.
    if (value === fields[key] || value === undefined) continue;
    const name = key in fields ? key : nameOf(key, fields);
    const whole = withDropped(value, fields[name]);
    if (whole !== fields[name]) fields[name] = whole;
  }
  return made;
}

/** What a prop is called in the manifest: `clusterIp` is `clusterIP`, and `ref` is `$ref`. */
function nameOf(prop: string, fields: object): string {
  const letters = (name: string) => name.replace(/[^A-Za-z0-9]/g, '').toLowerCase();
  return Object.keys(fields).find((name) => letters(name) === letters(prop)) ?? prop;
}

/** Stands for a value that only cdk8s can render: a token, or something lazy. */
const NOT_PLAIN = Symbol('not plain');

/** A copy with sorted keys and without what is undefined or null, as cdk8s makes it. */
function sorted(value: unknown): unknown {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map(sorted);
    return items.includes(NOT_PLAIN) ? NOT_PLAIN : items;
  }
  if (value.constructor !== Object) return NOT_PLAIN;
  const copy: Record<string, unknown> = {};
  for (const key of Object.keys(value).sort()) {
    const item = sorted((value as Record<string, unknown>)[key]);
    if (item === NOT_PLAIN) return NOT_PLAIN;
    if (item !== undefined && item !== null) copy[key] = item;
  }
  return copy;
}

import { groupKind } from '../diff/documents.ts';
import { isObject, type Json, type JsonObject, stringAt, valueAt } from '../diff/fields/json.ts';

/** One way of users into the cluster. */
export interface Route {
  /** Host and path: `shop.example.com/api`. */
  at: string;
  /** The Service that answers, with its namespace: `shop/web`. */
  service: string;
  namespace: string;
  name: string;
  /** The Ingress that says so, with its namespace. */
  ingress: string;
}

/** The routes of an Ingress; none of any other object. */
export function routesOf(ingress: JsonObject): Route[] {
  if (groupKind(ingress) !== 'networking.k8s.io/Ingress') return [];
  const namespace = stringAt(ingress, 'metadata', 'namespace') ?? '';
  const own = `${namespace}/${stringAt(ingress, 'metadata', 'name')}`;
  return list(valueAt(ingress, 'spec', 'rules')).flatMap((rule) =>
    list(valueAt(rule, 'http', 'paths')).flatMap((path): Route[] => {
      const name = stringAt(path, 'backend', 'service', 'name');
      if (name === undefined) return [];
      const at = `${stringAt(rule, 'host') ?? ''}${stringAt(path, 'path') ?? '/'}`;
      return [{ at, service: `${namespace}/${name}`, namespace, name, ingress: own }];
    }),
  );
}

function list(value: Json | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

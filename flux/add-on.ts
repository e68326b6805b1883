import type { Construct } from 'constructs';

/** Something we install on a cluster: one folder in `dist/<cluster>/platform/`, one Kustomization. */
export interface AddOn {
  /** The name of the folder and of the Kustomization. */
  name: string;
  /** The namespace its objects are in. */
  namespace: string;
  /** Add-ons that must be ready before. */
  dependsOn: readonly string[];
  /** Makes the sources its charts come from; they stand in `dist/<cluster>/flux/`. @default none */
  sources?(scope: Construct): void;
  /** Makes its objects. */
  objects(scope: Construct): void;
}

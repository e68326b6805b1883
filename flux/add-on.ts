import type { Construct } from 'constructs';
import type { HealthExpression } from './kustomization.ts';

/** Something we install on a cluster: one folder in `dist/<cluster>/platform/`, one Kustomization. */
export interface AddOn {
  /** The name of the folder and of the Kustomization. */
  name: string;
  /** The namespace its objects are in. */
  namespace: string;
  /** Add-ons that must be ready before. */
  dependsOn: readonly string[];
  /** What a cluster has it for, in one sentence; what docs/add-ons.md says of it. */
  why: string;
  /** What it needs outside of the cluster, in words. @default nothing */
  needs?: string;
  /** What it costs beside the nodes it runs on, in words. @default nothing */
  costs?: string;
  /**
   * The keys in `config/versions.yaml` whose versions it follows, of charts and of what else it takes by a version: when one
   * is promoted, it is this add-on that must have succeeded with it.
   *
   * @default none: it is made of our own objects
   */
  charts?: readonly string[];
  /**
   * The API groups whose CRDs it installs: `cert-manager.io`. Whatever has objects of these groups must wait for it.
   *
   * @default none
   */
  installs?: readonly string[];
  /**
   * Minutes that its objects may take until they are ready, more than a step of its Helm releases takes: Flux would call it
   * failed while Helm still waits.
   *
   * @default 10
   */
  startMinutes?: number;
  /** How those of its objects are judged that have no condition `Ready`. @default they are when they are applied */
  health?: readonly HealthExpression[];
  /** Makes the sources its charts come from; they stand in `dist/<cluster>/flux/`. @default none */
  sources?(scope: Construct): void;
  /** Makes its objects. */
  objects(scope: Construct): void;
}

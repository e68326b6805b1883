import type { AddOn } from '../add-on.ts';
import { AdmissionPolicy } from '../admission/admission-policy.ts';
import { imageRule } from '../admission/images.ts';
import { namespaceLevels, type PodSecurityLevel } from '../admission/namespace-levels.ts';
import { ownSecrets } from '../admission/own-secrets.ts';
import { REQUIRED_LABELS } from '../admission/required-labels.ts';
import { RESTRICTED_PODS } from '../admission/restricted-pods.ts';
import { SHARED_STORES } from '../admission/shared-stores.ts';

/** The name of the add-on. */
export const ADMISSION_POLICIES = 'admission-policies';

/** Namespaces that no rule of the platform is for, and why. Rules for apps name the apps' namespaces, and never reach them. */
export const EXEMPT_NAMESPACES: Readonly<Record<string, string>> = {
  'kube-system': 'EKS runs its own add-ons there, with images of a registry of each region',
  'kube-public': 'Kubernetes makes it',
  'kube-node-lease': 'Kubernetes makes it',
  default: 'Kubernetes makes it, with no label on it',
  'flux-system': 'Flux must be able to mend what a rule forbids by mistake',
  'amazon-cloudwatch': 'an EKS add-on makes it, with pods that read their node',
};

export interface AdmissionPoliciesProps {
  /** The cluster's name, with which the names of its secrets begin. */
  cluster: string;
  /** The namespaces of the apps. */
  apps: readonly string[];
  /** What the names of apps' images may begin with. */
  appImages: readonly string[];
  /** What the names of the platform's images may begin with. */
  platformImages: readonly string[];
  /** The namespaces whose pods may ask more of their node than others. */
  levels: Readonly<Record<string, PodSecurityLevel>>;
  /** The secrets of the platform that apps may read. */
  sharedSecrets: readonly string[];
  /** Whether what breaks a rule for the platform is refused too, or only told. */
  isPlatformEnforced: boolean;
}

/**
 * What the Kubernetes API refuses, whoever sends it: who may change a cluster can't change these by mistake, since they come
 * from git as everything does.
 *
 * Rules for apps are enforced in every ring: a release that production would refuse must fail in the first ring, and not
 * in the last. Rules for the platform may be told only, where people try out new charts.
 */
export function admissionPolicies(props: AdmissionPoliciesProps): AddOn {
  const { cluster, apps, appImages, platformImages, levels, sharedSecrets, isPlatformEnforced } = props;
  return {
    name: ADMISSION_POLICIES,
    namespace: 'kube-system',
    dependsOn: [],
    why: 'Has the Kubernetes API refuse images of strangers, pods that could leave their container, and secrets of others.',
    objects(scope) {
      const forApps = [
        imageRule({ name: 'app-images', allowed: appImages }),
        RESTRICTED_PODS,
        REQUIRED_LABELS,
        ownSecrets({ cluster, shared: sharedSecrets }),
      ];
      // No names would be all names.
      for (const rule of apps.length === 0 ? [] : forApps) {
        new AdmissionPolicy(scope, rule.name, { rule, namespaces: { only: apps }, isEnforced: true });
      }
      // Everywhere: nobody has one, so nobody can be stopped by it.
      new AdmissionPolicy(scope, SHARED_STORES.name, { rule: SHARED_STORES, isEnforced: true });
      const exempt = Object.keys(EXEMPT_NAMESPACES);
      new AdmissionPolicy(scope, 'platform-images', {
        rule: imageRule({ name: 'platform-images', allowed: platformImages }),
        namespaces: { except: [...exempt, ...apps] },
        isEnforced: isPlatformEnforced,
      });
      new AdmissionPolicy(scope, 'namespace-levels', {
        rule: namespaceLevels(levels),
        namespaces: { except: exempt },
        isEnforced: isPlatformEnforced,
      });
    },
  };
}

import { Construct } from 'constructs';
import { addDashboard } from './service-dashboard.ts';
import { addObjectives } from './service-objectives.ts';
import { addAutoscaler } from './web-service/autoscaler.ts';
import { addCanary } from './web-service/canary.ts';
import { addDeployment } from './web-service/deployment.ts';
import { addDisruptionBudget } from './web-service/disruption-budget.ts';
import { addExternalSecret } from './web-service/external-secret.ts';
import { addMeshPolicy } from './web-service/mesh-policy.ts';
import { addNetworkPolicy } from './web-service/network-policy.ts';
import { addPodMonitor } from './web-service/pod-monitor.ts';
import type { ServiceReference, WebServiceProps } from './web-service/props.ts';
import { addRoutes } from './web-service/routes.ts';
import { addService } from './web-service/service.ts';
import { addServiceAccount } from './web-service/service-account.ts';
import { type Settings, settingsOf } from './web-service/settings.ts';

export type { Image, WebServiceProps } from './web-service/props.ts';

/**
 * A web service, safe by default: unprivileged pods spread over zones, scaled by load, replaced without a dropped request,
 * released by the given strategy, reached by nobody who isn't named, watched for what its users may count on. The id is its name, and that of the objects it makes;
 * its namespace is the chart's.
 *
 * Its image must listen on `PORT`, answer probes on `MANAGEMENT_PORT`, run as a user that is not root, and, told to stop,
 * go on serving for `DRAIN_SECONDS`.
 *
 * Nothing that Flagger makes itself is among them: its two Services, its route, the primary and its autoscaler.
 *
 * @throws PropsError naming all props that make no sense
 */
export class WebService extends Construct implements ServiceReference {
  readonly name: string;
  readonly namespace: string;
  /** Where callers in the cluster find it. */
  readonly url: string;
  /** Its props with every default filled in. */
  readonly settings: Settings;

  constructor(scope: Construct, id: string, props: WebServiceProps) {
    super(scope, id);
    const settings = settingsOf(this, props);
    this.settings = settings;
    this.name = settings.name;
    this.namespace = settings.namespace;
    this.url = `http://${this.name}.${this.namespace}.svc.cluster.local`;

    addServiceAccount(this, settings);
    addExternalSecret(this, settings);
    addDeployment(this, settings);
    addAutoscaler(this, settings);
    addDisruptionBudget(this, settings);
    addService(this, settings);
    if (settings.release.strategy !== 'rolling') addCanary(this, settings, settings.release);
    addRoutes(this, settings);
    addNetworkPolicy(this, settings);
    addMeshPolicy(this, settings);
    addPodMonitor(this, settings);
    addObjectives(this, settings);
    addDashboard(this, settings);
  }
}

import type { IReceiver } from '@kubernetes-models/flux-cd/notification.toolkit.fluxcd.io/v1/Receiver';
import type { IAlert } from '@kubernetes-models/flux-cd/notification.toolkit.fluxcd.io/v1beta3/Alert';
import type { IProvider } from '@kubernetes-models/flux-cd/notification.toolkit.fluxcd.io/v1beta3/Provider';
import { Construct } from 'constructs';
import { CustomResource } from '../charts/custom-resource.ts';
import { FLUX_NAMESPACE, REPOSITORY } from './names.ts';

/** Every object of a kind in Flux's namespace. */
const all = <Kind extends string>(kind: Kind) => ({ kind, name: '*' });

/** Those of apps and those of add-ons. What is wrong with a chart is wrong with the Kustomization that installs it. */
const KUSTOMIZATIONS = [all('Kustomization' as const)];

/** A git host that shows statuses on commits. */
export type GitHost = 'github' | 'gitlab';

/** Who is told, and of what. Both objects have the name of the construct. */
function tell(
  scope: Construct,
  name: string,
  provider: NonNullable<IProvider['spec']>,
  alert: Omit<NonNullable<IAlert['spec']>, 'providerRef'>,
): void {
  const metadata = { name, namespace: FLUX_NAMESPACE };
  new CustomResource<IProvider>(scope, 'provider', {
    apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
    kind: 'Provider',
    metadata,
    spec: provider,
  });
  new CustomResource<IAlert>(scope, 'alert', {
    apiVersion: 'notification.toolkit.fluxcd.io/v1beta3',
    kind: 'Alert',
    metadata,
    spec: { providerRef: { name }, ...alert },
  });
}

export interface CommitStatusProps {
  host: GitHost;
  /** The repository as a person opens it: `https://github.com/slipway/slipway`. */
  url: string;
  /** What the context of each status begins with; after it comes the Kustomization's name: `flux/dev-eu-west-1`. */
  context: string;
  /** The Secret with a `token`, or with the keys of a GitHub App. */
  secret: string;
}

/**
 * Says on each commit how every Kustomization of the cluster fared with it. An app's is ready only when its release was
 * promoted, so its status says whether the commit reached the users.
 */
export class CommitStatus extends Construct {
  constructor(scope: Construct, id: string, { host, url, context, secret }: CommitStatusProps) {
    super(scope, id);
    tell(
      this,
      id,
      {
        type: host,
        address: url,
        secretRef: { name: secret },
        // Its own way to name them holds the uid of this object, which is another on each cluster and after each loss.
        commitStatusExpr: `'${context}/' + event.involvedObject.name`,
      },
      { eventSeverity: 'info', eventSources: [...KUSTOMIZATIONS] },
    );
  }
}

export interface ChatAlertsProps {
  to: 'slack' | 'msteams' | 'webhook';
  /** @default that of the address */
  channel?: string | undefined;
  /** The Secret whose `address` is posted to. */
  secret: string;
  /** The cluster's name, which each message carries. */
  cluster: string;
}

/** The type of a Provider, by what listens. */
const TYPES = { slack: 'slack', msteams: 'msteams', webhook: 'generic' } as const;

/**
 * Tells people what failed: a folder that can't be applied, a release that was rolled back, a chart that does not install,
 * a source that can't be read, an image that does not reach the repo. Successes are on the commits.
 */
export class ChatAlerts extends Construct {
  constructor(scope: Construct, id: string, { to, channel, secret, cluster }: ChatAlertsProps) {
    super(scope, id);
    tell(
      this,
      id,
      { type: TYPES[to], ...(channel !== undefined && { channel }), secretRef: { name: secret } },
      {
        eventSeverity: 'error',
        eventMetadata: { cluster },
        eventSources: [
          ...KUSTOMIZATIONS,
          ...(['GitRepository', 'HelmRepository', 'OCIRepository'] as const).map(all),
          ...(['ImageRepository', 'ImagePolicy', 'ImageUpdateAutomation'] as const).map(all),
        ],
      },
    );
  }
}

export interface PushReceiverProps {
  host: GitHost;
  /** The Secret whose `token` the git host signs with. */
  secret: string;
}

/** What each git host calls a push. */
const EVENTS: Readonly<Record<GitHost, readonly string[]>> = {
  github: ['ping', 'push'],
  gitlab: ['Push Hook'],
};

/** Has Flux look at the repository as soon as the git host tells of a push, instead of once a minute. */
export class PushReceiver extends Construct {
  constructor(scope: Construct, id: string, { host, secret }: PushReceiverProps) {
    super(scope, id);
    new CustomResource<IReceiver>(this, 'receiver', {
      apiVersion: 'notification.toolkit.fluxcd.io/v1',
      kind: 'Receiver',
      metadata: { name: id, namespace: FLUX_NAMESPACE },
      spec: {
        type: host,
        events: [...EVENTS[host]],
        secretRef: { name: secret },
        resources: [
          { apiVersion: 'source.toolkit.fluxcd.io/v1', kind: REPOSITORY.kind, name: REPOSITORY.name },
        ],
      },
    });
  }
}

import type { Construct } from 'constructs';
import { CustomResource } from '../../charts/custom-resource.ts';
import type { IAlertProvider } from '../../charts/flagger-types.ts';
import { PublicRoute } from '../../charts/public-route.ts';
import type { AddOn } from '../add-on.ts';
import { ExternalSecret } from '../external-secret.ts';
import { FLUX_NAMESPACE, PULL_SECRET } from '../names.ts';
import {
  ChatAlerts,
  type ChatAlertsProps,
  CommitStatus,
  type GitHost,
  PushReceiver,
} from '../notifications.ts';
import { FLAGGER_NAMESPACE } from './flagger.ts';

export interface NotificationsProps {
  /** The cluster's name. */
  cluster: string;
  /** The git host that shows statuses on commits, and the repository there. @default none does */
  git?: { host: GitHost; url: string; context: string } | undefined;
  /** Where failures are told. @default nowhere */
  alerts?: Pick<ChatAlertsProps, 'to' | 'channel'> | undefined;
  /** The DNS name at which the git host tells of pushes. @default it does not */
  receiverHost?: string | undefined;
  /** Whether Flux reads image tags with a pull secret. @default false */
  pullSecret?: boolean;
  /** The name of the ClusterSecretStore with the secrets. */
  store: string;
  /** The add-ons that have the store and, for a receiver, the public routes. */
  dependsOn: readonly string[];
}

/** The name of the add-on. */
export const NOTIFICATIONS = 'notifications';

/** By what Flagger tells people of releases, for the canaries that name it. */
export const ALERT_PROVIDER = { name: 'releases', namespace: FLAGGER_NAMESPACE } as const;

/** Whether Flagger can tell by the same way as Flux: it knows chats, and no webhooks of others. */
export function flaggerTells(alerts: NotificationsProps['alerts']): alerts is FlaggerAlerts {
  return alerts !== undefined && alerts.to !== 'webhook';
}

type FlaggerAlerts = NonNullable<NotificationsProps['alerts']> & { to: 'slack' | 'msteams' };

const GIT_SECRET = 'commit-status';
const ALERTS_SECRET = 'alerts';
const WEBHOOK_SECRET = 'git-webhook';

/** The Service of notification-controller for webhooks. @see https://fluxcd.io/flux/components/notification/receivers/ */
const WEBHOOK_SERVICE = { name: 'webhook-receiver', port: 80 };

/** The pods behind it, which are not in the mesh: the edge calls them at their own port. */
export const RECEIVER = {
  pods: { namespace: FLUX_NAMESPACE, labels: { app: 'notification-controller' } },
  port: 9292,
} as const;

/**
 * Flux says on commits how the cluster fared with them, tells people of failures and is told of pushes; with the secrets for
 * that, and for reading a private registry.
 *
 * It stands here and not in `dist/<cluster>/flux/`, since it needs those secrets: until they are there, all else goes on.
 */
export function notifications(props: NotificationsProps): AddOn {
  const { cluster, git, alerts, receiverHost, pullSecret = false, store, dependsOn } = props;
  return {
    name: NOTIFICATIONS,
    namespace: FLUX_NAMESPACE,
    dependsOn,
    why: 'Says on each commit how the cluster fared with it, and tells people of failures.',
    needs:
      'the secrets flux-git, alerts and flux-webhook of the cluster in Secrets Manager, each where it is used',
    objects(scope) {
      const secret = (name: string, what: string, type?: 'kubernetes.io/dockerconfigjson') =>
        new ExternalSecret(scope, name, {
          store,
          remoteKey: `${cluster}/platform/${what}`,
          ...(type && { type }),
        });
      if (git !== undefined) {
        secret(GIT_SECRET, 'flux-git');
        new CommitStatus(scope, 'commits', { ...git, secret: GIT_SECRET });
      }
      if (alerts !== undefined) {
        secret(ALERTS_SECRET, 'alerts');
        new ChatAlerts(scope, 'failures', { ...alerts, secret: ALERTS_SECRET, cluster });
      }
      if (flaggerTells(alerts)) addAlertProvider(scope, alerts);
      if (receiverHost !== undefined && git !== undefined) {
        secret(WEBHOOK_SECRET, 'flux-webhook');
        new PushReceiver(scope, 'pushes', { host: git.host, secret: WEBHOOK_SECRET });
        // The path holds a digest of the token, so nobody finds it by guessing, and the body is signed.
        new PublicRoute(scope, 'flux-webhook', {
          host: receiverHost,
          paths: ['/hook'],
          service: WEBHOOK_SERVICE,
        });
      }
      if (pullSecret) secret(PULL_SECRET, 'registry', 'kubernetes.io/dockerconfigjson');

      function addAlertProvider(scope: Construct, { to, channel }: FlaggerAlerts): void {
        // In Flagger's own namespace: it reads Secrets beside the provider alone.
        const { namespace } = ALERT_PROVIDER;
        new ExternalSecret(scope, 'flagger-alerts', {
          namespace,
          store,
          remoteKey: `${cluster}/platform/alerts`,
        });
        new CustomResource<IAlertProvider>(scope, 'alert-provider', {
          apiVersion: 'flagger.app/v1beta1',
          kind: 'AlertProvider',
          metadata: { ...ALERT_PROVIDER },
          spec: {
            type: to,
            ...(channel !== undefined && { channel }),
            secretRef: { name: 'flagger-alerts' },
          },
        });
      }
    },
  };
}

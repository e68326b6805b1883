// Flagger's custom resources, as far as we use them. No npm package types them.
// @see https://docs.flagger.app/usage/how-it-works

import type { Resource } from './custom-resource.ts';

export interface ICanary extends Resource {
  apiVersion: 'flagger.app/v1beta1';
  kind: 'Canary';
  spec: {
    targetRef: ObjectReference;
    autoscalerRef?: ObjectReference & {
      primaryScalerReplicas?: { minReplicas: number; maxReplicas: number };
    };
    /** Seconds in which the canary or the primary must become ready, else the release is rolled back. */
    progressDeadlineSeconds?: number;
    /** Whether Flagger scales the target up, and gives it the Service back, before the Canary may go. */
    revertOnDeletion?: boolean;
    /** Whether a new version is promoted as soon as it is ready, without a check. */
    skipAnalysis?: boolean;
    service: {
      port: number;
      portName?: string;
      targetPort: number | string;
      gatewayRefs?: GatewayReference[];
    };
    analysis: CanaryAnalysis;
  };
}

export interface CanaryAnalysis {
  /** Time between two ticks, as Go writes durations: `60s`. */
  interval: string;
  /** Failed checks after which the release is rolled back. */
  threshold: number;
  stepWeight?: number;
  maxWeight?: number;
  stepWeights?: number[];
  /** Checks before all users are sent to the new version: blue/green, in place of weights. */
  iterations?: number;
  /** Percent by which the traffic returns to the primary at each tick of a promotion; without it all at once. */
  stepWeightPromotion?: number;
  metrics: CanaryMetric[];
  webhooks?: CanaryWebhook[];
  alerts?: CanaryAlert[];
}

/** Who is told of a release. */
export interface CanaryAlert {
  name: string;
  /** From how bad on: `info` tells of each step. */
  severity: 'info' | 'warn' | 'error';
  providerRef: { name: string; namespace: string };
}

export interface CanaryMetric {
  name: string;
  templateRef: { name: string; namespace: string };
  /** The window that the query looks back over: `60s`. */
  interval: string;
  /** Both bounds are inclusive. */
  thresholdRange: { min?: number; max?: number };
  templateVariables?: Record<string, string>;
}

export interface CanaryWebhook {
  name: string;
  type?:
    | 'confirm-rollout'
    | 'pre-rollout'
    | 'rollout'
    | 'confirm-promotion'
    | 'post-rollout'
    | 'event'
    | 'rollback';
  url: string;
  timeout?: string;
  metadata?: Record<string, string>;
}

export interface IAlertProvider extends Resource {
  apiVersion: 'flagger.app/v1beta1';
  kind: 'AlertProvider';
  spec: {
    type: 'slack' | 'msteams' | 'discord' | 'rocket' | 'gchat';
    channel?: string;
    username?: string;
    /** The Secret whose `address` is posted to. */
    secretRef: { name: string };
  };
}

export interface IMetricTemplate extends Resource {
  apiVersion: 'flagger.app/v1beta1';
  kind: 'MetricTemplate';
  spec: {
    provider: { type: 'prometheus'; address: string };
    query: string;
  };
}

interface ObjectReference {
  apiVersion: string;
  kind: string;
  name: string;
}

interface GatewayReference {
  group: string;
  kind: string;
  name: string;
  namespace: string;
  port: number;
}

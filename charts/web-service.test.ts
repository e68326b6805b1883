import { describe, expect, test } from '@jest/globals';
import { ApiObject, App, Chart } from 'cdk8s';
import type { Resource } from './custom-resource.ts';
import type { ReleaseStrategy } from './release-strategy.ts';
import { setterMarkers } from './setter-marker.ts';
import { WebService, type WebServiceProps } from './web-service.ts';

const CANARY: ReleaseStrategy = {
  strategy: 'canary',
  weights: { step: 10, max: 50 },
  intervalSeconds: 60,
  threshold: 5,
  minSuccessPercent: 99,
  maxP99Milliseconds: 500,
};

/** The objects of a service called `shop`, by kind. */
function objects(props: Partial<WebServiceProps> = {}): Record<string, any> {
  const chart = build(props);
  return Object.fromEntries((chart.toJson() as Resource[]).map((object) => [object.kind, object]));
}

function build(props: Partial<WebServiceProps>): Chart {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  new WebService(chart, 'shop', {
    image: { reference: 'ghcr.io/example/shop:1.0.0' },
    namespace: 'shop',
    replicas: { min: 2, max: 6 },
    cpu: '100m',
    memory: '192Mi',
    host: 'shop.example.com',
    release: CANARY,
    platform: {
      metricTemplates: { namespace: 'flagger-system', successRate: 'success-rate', p99: 'p99' },
      loadTesterUrl: 'http://load.example.com/',
    },
    ...props,
  });
  return chart;
}

describe('a web service released as a canary', () => {
  test('brings nothing that Flagger makes itself', () => {
    expect(Object.keys(objects()).sort()).toEqual([
      'Canary',
      'Deployment',
      'HorizontalPodAutoscaler',
      'Ingress',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
  });

  test('has its Service from Flux, so that it stays when the Canary goes, and leaves its selector to Flagger', () => {
    const { metadata, spec } = objects().Service;
    expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' });
    expect(spec.selector).toEqual({ 'app.kubernetes.io/name': 'shop-primary' });
    expect(objects().Canary.spec.revertOnDeletion).toBe(true);
  });

  test('names its release to the pods and to the Canary', () => {
    const { Canary, Deployment } = objects();
    const { volumes } = Deployment.spec.template.spec;
    expect(volumes).toEqual([{ name: 'release', configMap: { name: 'shop-release' } }]);
    expect(Canary.metadata.annotations).toEqual({ 'slipway.dev/release': 'shop-release' });
  });

  test('says no number of replicas, which Flagger and the autoscaler rule', () => {
    expect(objects().Deployment.spec).not.toHaveProperty('replicas');
  });

  test('protects the pods that serve, which are the primary', () => {
    expect(objects().PodDisruptionBudget.spec.selector.matchLabels).toEqual({
      'app.kubernetes.io/name': 'shop-primary',
    });
  });

  test('holds 99 % success and a P99 of 500 ms in every window', () => {
    const { analysis } = objects().Canary.spec;
    expect(analysis).toMatchObject({ interval: '60s', threshold: 5, stepWeight: 10, maxWeight: 50 });
    expect(analysis.metrics).toMatchObject([
      {
        templateRef: { name: 'success-rate', namespace: 'flagger-system' },
        thresholdRange: { min: 99 },
        interval: '60s',
      },
      {
        templateRef: { name: 'p99', namespace: 'flagger-system' },
        thresholdRange: { max: 500 },
        interval: '60s',
      },
    ]);
  });

  test('counts requests at its own port only, where no probe arrives', () => {
    const { Canary, Deployment } = objects({ port: 3000 });
    for (const metric of Canary.spec.analysis.metrics)
      expect(metric.templateVariables).toEqual({ port: '3000' });
    const [container] = Deployment.spec.template.spec.containers;
    expect(container.ports).toEqual([
      { name: 'http', containerPort: 3000 },
      { name: 'management', containerPort: 9090 },
    ]);
    for (const probe of ['startupProbe', 'livenessProbe', 'readinessProbe']) {
      expect(container[probe].httpGet.port).toBe('management');
    }
  });

  test('keeps load on the new version for as long as a check looks back', () => {
    const [load] = objects({ release: { ...CANARY, intervalSeconds: 30 } }).Canary.spec.analysis.webhooks;
    expect(load.metadata.cmd).toBe('hey -z 30s -q 10 -c 1 http://shop-canary.shop.svc.cluster.local/');
  });

  test('takes weights one by one', () => {
    const { analysis } = objects({ release: { ...CANARY, weights: [1, 5, 20] } }).Canary.spec;
    expect(analysis.stepWeights).toEqual([1, 5, 20]);
    expect(analysis).not.toHaveProperty('stepWeight');
  });

  test('gives the primary the same bounds as the target', () => {
    expect(objects().Canary.spec.autoscalerRef).toMatchObject({
      name: 'shop',
      primaryScalerReplicas: { minReplicas: 2, maxReplicas: 6 },
    });
  });
});

describe('a web service that rolls', () => {
  const rolling = objects({ release: { strategy: 'rolling' } });

  test('has a Service of its own and no canary', () => {
    expect(rolling).not.toHaveProperty('Canary');
    expect(rolling.Deployment.spec.template.spec).not.toHaveProperty('volumes');
    expect(rolling.Service.metadata).not.toHaveProperty('annotations');
    expect(rolling.Service.spec).toEqual({
      selector: { 'app.kubernetes.io/name': 'shop' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
  });

  test('protects its own pods', () => {
    expect(rolling.PodDisruptionBudget.spec.selector.matchLabels).toEqual({
      'app.kubernetes.io/name': 'shop',
    });
  });
});

describe('the pods of a web service', () => {
  const { template, strategy } = objects({
    migrate: ['--migrate'],
    secrets: { KEY: { name: 'shop', key: 'key' } },
  }).Deployment.spec;

  test('may do nothing that restricted pod security forbids', () => {
    expect(template.spec.securityContext).toEqual({
      runAsNonRoot: true,
      seccompProfile: { type: 'RuntimeDefault' },
    });
    for (const container of [...template.spec.containers, ...template.spec.initContainers]) {
      expect(container.securityContext).toEqual({
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        readOnlyRootFilesystem: true,
      });
      expect(container.resources).toEqual({
        requests: { cpu: '100m', memory: '192Mi' },
        limits: { memory: '192Mi' },
      });
    }
  });

  test('hold no token for the API server', () => {
    expect(template.spec.automountServiceAccountToken).toBe(false);
  });

  test('migrate with the same image and environment before they serve', () => {
    const [migrate] = template.spec.initContainers;
    const [serve] = template.spec.containers;
    expect(migrate).toMatchObject({ image: serve.image, env: serve.env, args: ['--migrate'] });
  });

  test('carry a secret by reference only', () => {
    expect(template.spec.containers[0].env).toContainEqual({
      name: 'KEY',
      valueFrom: { secretKeyRef: { name: 'shop', key: 'key' } },
    });
  });

  test('are replaced one ready pod at a time, and are given longer to stop than they take to drain', () => {
    expect(strategy.rollingUpdate).toEqual({ maxSurge: '25%', maxUnavailable: 0 });
    const drain = template.spec.containers[0].env.find(
      ({ name }: { name: string }) => name === 'DRAIN_SECONDS',
    );
    expect(template.spec.terminationGracePeriodSeconds).toBeGreaterThan(Number(drain.value));
  });

  test('carry the one label that everything selects by', () => {
    expect(template.metadata.labels).toEqual({ 'app.kubernetes.io/name': 'shop' });
    for (const { labelSelector } of template.spec.topologySpreadConstraints) {
      expect(labelSelector.matchLabels).toEqual(template.metadata.labels);
    }
  });
});

describe('the image of a web service', () => {
  const markers = (props: Partial<WebServiceProps>) =>
    build(props)
      .node.findAll()
      .filter((construct) => ApiObject.isApiObject(construct))
      .flatMap(setterMarkers);
  const image = { reference: 'ghcr.io/example/shop:1.0.0', policy: 'flux-system:example' };

  test('carries its marker wherever it stands', () => {
    expect(markers({ image, migrate: ['--migrate'] })).toEqual([
      { path: ['spec', 'template', 'spec', 'initContainers', 0, 'image'], policy: 'flux-system:example' },
      { path: ['spec', 'template', 'spec', 'containers', 0, 'image'], policy: 'flux-system:example' },
    ]);
  });

  test('carries none where no automation moves it', () => {
    expect(markers({ migrate: ['--migrate'] })).toEqual([]);
  });
});

test('users reach a web service through the mesh, so that the split holds for them', () => {
  const { metadata, spec } = objects().Ingress;
  expect(metadata.annotations['nginx.ingress.kubernetes.io/service-upstream']).toBe('true');
  expect(spec.rules).toMatchObject([
    {
      host: 'shop.example.com',
      http: { paths: [{ backend: { service: { name: 'shop', port: { number: 80 } } } }] },
    },
  ]);
});

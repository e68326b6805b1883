import { describe, expect, test } from '@jest/globals';
import { ApiObject, App, Chart } from 'cdk8s';
import type { ReleaseStrategy } from './release-strategy.ts';
import { setterMarkers } from './setter-marker.ts';
import { chartWith, objectsOf, PLATFORM, SHOP } from './testing/sample.ts';
import { WebService, type WebServiceProps } from './web-service.ts';

/** The objects of a service called `shop` that has these props, by `kind/name`. */
function objects(props: Partial<WebServiceProps> = {}): Record<string, any> {
  return Object.fromEntries(
    objectsOf({ ...SHOP, ...props } as WebServiceProps).map((object) => [
      `${object.kind}/${object.metadata?.name}`,
      object,
    ]),
  );
}

const released = (release: ReleaseStrategy) => objects({ release });

/** What every service has, however it is released. */
const ALWAYS = [
  'AuthorizationPolicy/shop',
  'AuthorizationPolicy/shop-management',
  'ConfigMap/shop-dashboard',
  'Deployment/shop',
  'HTTPRoute/shop-management',
  'HorizontalPodAutoscaler/shop',
  'Ingress/shop',
  'MeshTLSAuthentication/shop',
  'NetworkAuthentication/shop-management',
  'NetworkPolicy/shop',
  'PodDisruptionBudget/shop',
  'PodMonitor/shop',
  'PrometheusRule/shop',
  'Server/shop',
  'Server/shop-management',
  'Service/shop',
  'ServiceAccount/shop',
];

describe('a web service of which only image, platform and host are said', () => {
  test('has all that a service needs and is released as a canary; nothing that Flagger makes is among it', () => {
    expect(Object.keys(objects()).sort()).toEqual([...ALWAYS, 'Canary/shop'].sort());
  });

  test('says its defaults', () => {
    const service = new WebService(new Chart(new App(), 'chart', { namespace: 'shop' }), 'shop', SHOP);
    expect(service.settings).toMatchObject({
      replicas: { min: 2, max: 6 },
      cpu: '100m',
      memory: '256Mi',
      release: { strategy: 'canary' },
      port: 8080,
      managementPort: 9090,
      management: { live: '/livez', ready: '/readyz', metrics: '/metrics' },
      drainSeconds: 15,
      startSeconds: 120,
      scaling: { cpuPercent: 65, memoryPercent: 80, calmSeconds: 300 },
      maxUnavailable: 1,
      objectives: { successPercent: 99, inTimePercent: 99, inTimeMilliseconds: 500 },
      panels: [],
      route: { host: 'shop.example.com', paths: ['/'] },
    });
    expect(service.url).toBe('http://shop.shop.svc.cluster.local');
  });

  test('is judged by the defaults of a canary', () => {
    expect(objects()['Canary/shop'].spec.analysis).toEqual({
      interval: '60s',
      threshold: 5,
      stepWeight: 10,
      maxWeight: 50,
      // The primary may have shrunk while half of its users were away: they come back in two ticks.
      stepWeightPromotion: 25,
      metrics: [
        {
          name: 'success-rate',
          templateRef: { name: 'success-rate', namespace: 'flagger-system' },
          thresholdRange: { min: 99 },
          // No longer than the interval, or a check would mix the weights of two steps.
          interval: '60s',
          // The port for users: probes arrive at another and are not counted.
          templateVariables: { port: '8080' },
        },
        {
          name: 'p99',
          templateRef: { name: 'p99', namespace: 'flagger-system' },
          thresholdRange: { max: 500 },
          interval: '60s',
          templateVariables: { port: '8080' },
        },
      ],
      webhooks: [
        // Flagger calls rollout hooks just before it looks back: without this one the first check would see no load.
        {
          name: 'first-load',
          type: 'pre-rollout',
          url: 'http://load.example.com/',
          timeout: '5s',
          metadata: {
            type: 'cmd',
            // Ends before the next tick, since the load tester skips a command that is still running.
            cmd: "hey -z 55s -c 5 -q 2 'http://shop-canary.shop.svc.cluster.local/'",
          },
        },
        {
          name: 'load',
          type: 'rollout',
          url: 'http://load.example.com/',
          timeout: '5s',
          metadata: {
            type: 'cmd',
            cmd: "hey -z 55s -c 5 -q 2 'http://shop-canary.shop.svc.cluster.local/'",
          },
        },
      ],
    });
  });
});

describe('a web service released as a canary', () => {
  const canary = released({
    strategy: 'canary',
    weights: [1, 5, 20],
    intervalSeconds: 60,
    windowSeconds: 30,
    threshold: 3,
    minSuccessPercent: 99.5,
    maxP99Milliseconds: 300,
    readySeconds: 240,
    promotionStep: 100,
    loadTest: false,
    gates: { rollout: { url: 'https://approvals.example.com/start' }, promotion: 'manual' },
  });

  test('has a Canary that says all of it', () => {
    const { metadata, spec } = canary['Canary/shop'];
    // The name of the release, by which Flux knows which one was judged.
    expect(metadata.annotations).toEqual({ 'slipway.dev/release': 'shop-release' });
    expect(spec).toEqual({
      targetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'shop' },
      // When the Canary goes, the target is scaled up first.
      revertOnDeletion: true,
      autoscalerRef: {
        apiVersion: 'autoscaling/v2',
        kind: 'HorizontalPodAutoscaler',
        name: 'shop',
        // The primary serves all users, so it has the same bounds.
        primaryScalerReplicas: { minReplicas: 2, maxReplicas: 6 },
      },
      progressDeadlineSeconds: 240,
      service: {
        port: 80,
        portName: 'http',
        targetPort: 8080,
        // With the Gateway API as its provider Flagger refuses to go without; the Service itself is the parent.
        gatewayRefs: [{ group: 'core', kind: 'Service', name: 'shop', namespace: 'shop', port: 80 }],
      },
      analysis: {
        interval: '60s',
        threshold: 3,
        // Named weights stand in place of steps: exactly one of the three ways.
        stepWeights: [1, 5, 20],
        stepWeightPromotion: 100,
        metrics: [
          expect.objectContaining({ thresholdRange: { min: 99.5 }, interval: '30s' }),
          expect.objectContaining({ thresholdRange: { max: 300 }, interval: '30s' }),
        ],
        webhooks: [
          { name: 'may-start', type: 'confirm-rollout', url: 'https://approvals.example.com/start' },
          { name: 'may-be-promoted', type: 'confirm-promotion', url: 'http://load.example.com/gate/check' },
          // The load tester's gate stays open once it is: the yes to this release would be one to the next.
          { name: 'close-gate', type: 'post-rollout', url: 'http://load.example.com/gate/close' },
        ],
      },
    });
  });

  test('gives up on pods when Kubernetes does', () => {
    expect(canary['Deployment/shop'].spec.progressDeadlineSeconds).toBe(240);
  });

  test('has its Service from Flux, so that it stays when the Canary goes, and leaves its selector to Flagger', () => {
    const { metadata, spec } = canary['Service/shop'];
    expect(metadata.annotations).toEqual({ 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' });
    expect(spec).toEqual({
      selector: { 'app.kubernetes.io/name': 'shop-primary' },
      ports: [{ name: 'http', port: 80, targetPort: 8080 }],
    });
  });

  test('keeps load at the rate and path that are wanted', () => {
    const { webhooks } = released({
      strategy: 'canary',
      intervalSeconds: 30,
      loadTest: { requestsPerSecond: 7, path: '/products?page=1&sort=name' },
    })['Canary/shop'].spec.analysis;
    for (const { metadata } of webhooks) {
      expect(metadata.cmd).toBe(
        "hey -z 25s -c 4 -q 1.75 'http://shop-canary.shop.svc.cluster.local/products?page=1&sort=name'",
      );
    }
  });

  test('says no number of replicas, which Flagger and the autoscaler rule', () => {
    expect(canary['Deployment/shop'].spec).not.toHaveProperty('replicas');
  });
});

describe('a web service released blue/green', () => {
  const blueGreen = released({
    strategy: 'blueGreen',
    iterations: 3,
    preview: { host: 'preview.shop.example.com', allowFrom: ['192.0.2.0/24', '198.51.100.7/32'] },
    gates: { promotion: 'manual' },
  });

  test('is checked that many times before any user moves', () => {
    const { analysis } = blueGreen['Canary/shop'].spec;
    expect(analysis).toMatchObject({ interval: '60s', threshold: 5, iterations: 3, stepWeightPromotion: 25 });
    for (const weights of ['stepWeight', 'maxWeight', 'stepWeights']) {
      // With one of these Flagger would shift traffic instead.
      expect(analysis).not.toHaveProperty(weights);
    }
    expect(analysis.webhooks.map(({ name }: { name: string }) => name)).toEqual([
      // No user's request reaches the new version, so the load tester's are all it is judged by.
      'first-load',
      'load',
      'may-be-promoted',
      'close-gate',
    ]);
  });

  test('shows testers the new version alone', () => {
    const { metadata, spec } = blueGreen['Ingress/shop-preview'];
    expect(metadata.annotations).toEqual({
      // To the Service, through the mesh: the pods let nobody in without a proxy's identity.
      'nginx.ingress.kubernetes.io/service-upstream': 'true',
      'nginx.ingress.kubernetes.io/whitelist-source-range': '192.0.2.0/24,198.51.100.7/32',
    });
    expect(spec.rules).toEqual([
      {
        host: 'preview.shop.example.com',
        http: {
          paths: [
            {
              path: '/',
              pathType: 'Prefix',
              // What Flagger calls the Service of the new version's pods.
              backend: { service: { name: 'shop-canary', port: { number: 80 } } },
            },
          ],
        },
      },
    ]);
  });

  test('is all else that a canary is', () => {
    expect(Object.keys(blueGreen).sort()).toEqual([...ALWAYS, 'Canary/shop', 'Ingress/shop-preview'].sort());
    for (const key of ['Service/shop', 'PodDisruptionBudget/shop', 'Deployment/shop']) {
      expect(blueGreen[key]).toEqual(objects()[key]);
    }
  });
});

describe('a web service that rolls', () => {
  const rolling = released({ strategy: 'rolling' });

  test('has no Canary, and a Service that selects its own pods', () => {
    expect(Object.keys(rolling).sort()).toEqual([...ALWAYS].sort());
    expect(rolling['Service/shop']).toEqual({
      apiVersion: 'v1',
      kind: 'Service',
      // No annotation: nobody but Flux changes it.
      metadata: { name: 'shop', namespace: 'shop' },
      spec: {
        selector: { 'app.kubernetes.io/name': 'shop' },
        ports: [{ name: 'http', port: 80, targetPort: 8080 }],
      },
    });
  });

  test('names no release to its pods: there is no Canary that could tell of it', () => {
    const { volumes } = rolling['Deployment/shop'].spec.template.spec;
    expect(volumes.map(({ name }: { name: string }) => name)).toEqual(['tmp']);
  });
});

describe('the pods of a web service', () => {
  const { template, strategy } = objects({
    args: ['--target=web'],
    migrate: ['--migrate'],
    secrets: { KEY: { name: 'shop', key: 'key' } },
  })['Deployment/shop'].spec;

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
        requests: { cpu: '100m', memory: '256Mi' },
        limits: { memory: '256Mi' },
      });
    }
  });

  test('can write to /tmp and nowhere else', () => {
    expect(template.spec.containers[0].volumeMounts).toEqual([{ name: 'tmp', mountPath: '/tmp' }]);
    expect(template.spec.volumes).toContainEqual({ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } });
  });

  test('hold no token for the API server', () => {
    expect(template.spec.automountServiceAccountToken).toBe(false);
  });

  test('migrate with the same image and environment before they serve', () => {
    const [migrate] = template.spec.initContainers;
    const [serve] = template.spec.containers;
    expect(migrate).toMatchObject({ image: serve.image, env: serve.env, args: ['--migrate'] });
    expect(serve.args).toEqual(['--target=web']);
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
    const grace = template.spec.terminationGracePeriodSeconds;
    // What the service allows its last requests and its last telemetry.
    expect(grace).toBeGreaterThanOrEqual(Number(drain.value) + 20 + 3);
    expect(template.metadata.annotations).toEqual({
      'config.linkerd.io/shutdown-grace-period': `${grace}s`,
    });
  });

  test('carry the one label that everything selects by, and no other that Flagger would have to know', () => {
    expect(template.metadata.labels).toEqual({ 'app.kubernetes.io/name': 'shop' });
  });

  test('are asked on the port that is not for users', () => {
    const [container] = objects({
      port: 3000,
      managementPort: 3001,
      startSeconds: 20,
      management: { live: '/alive', ready: '/able' },
    })['Deployment/shop'].spec.template.spec.containers;
    expect(container).toMatchObject({
      ports: [
        { name: 'http', containerPort: 3000 },
        { name: 'management', containerPort: 3001 },
      ],
      startupProbe: {
        httpGet: { path: '/alive', port: 'management' },
        periodSeconds: 1,
        failureThreshold: 20,
      },
      livenessProbe: { httpGet: { path: '/alive', port: 'management' } },
      readinessProbe: { httpGet: { path: '/able', port: 'management' } },
    });
  });

  test('are told of no collector where there is none, and may reach none', () => {
    const { collector: _, ...platform } = PLATFORM;
    const made = objects({ platform });
    expect(JSON.stringify(made['Deployment/shop'])).not.toContain('OTEL_EXPORTER');
    expect(JSON.stringify(made['NetworkPolicy/shop'])).not.toContain('4318');
  });

  test('know their ports, their drain time, their database and where their traces go', () => {
    const [container] = objects({
      port: 3000,
      drainSeconds: 40,
      database: { name: 'shop', user: 'shop_app' },
      env: { LOG_LEVEL: 'debug', OTEL_SERVICE_NAME: 'storefront' },
    })['Deployment/shop'].spec.template.spec.containers;
    expect(
      Object.fromEntries(
        container.env.map(({ name, value }: { name: string; value: string }) => [name, value]),
      ),
    ).toEqual({
      PORT: '3000',
      MANAGEMENT_PORT: '9090',
      DRAIN_SECONDS: '40',
      // What was given goes before what is found.
      OTEL_SERVICE_NAME: 'storefront',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector.telemetry:4318',
      PGHOST: 'db.example.com',
      PGDATABASE: 'shop',
      PGUSER: 'shop_app',
      PGSSLMODE: 'verify-full',
      LOG_LEVEL: 'debug',
    });
  });
});

describe('the image of a web service', () => {
  const markers = (props: Partial<WebServiceProps>) =>
    chartWith({ ...SHOP, ...props } as WebServiceProps)
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

describe('the autoscaler of a web service', () => {
  const { spec } = objects({ scaling: { cpuPercent: 50, memoryPercent: 70, calmSeconds: 60 } })[
    'HorizontalPodAutoscaler/shop'
  ];

  test('looks at the container and not at the pod, whose proxy asks for no CPU', () => {
    expect(spec.metrics).toEqual([
      {
        type: 'ContainerResource',
        containerResource: {
          container: 'shop',
          name: 'cpu',
          target: { type: 'Utilization', averageUtilization: 50 },
        },
      },
      {
        type: 'ContainerResource',
        containerResource: {
          container: 'shop',
          name: 'memory',
          target: { type: 'Utilization', averageUtilization: 70 },
        },
      },
    ]);
    const [container] = objects()['Deployment/shop'].spec.template.spec.containers;
    expect(container.name).toBe('shop');
  });

  test('adds pods sooner and faster than it takes them away', () => {
    const { scaleUp, scaleDown } = spec.behavior;
    expect(scaleUp.stabilizationWindowSeconds).toBeLessThan(scaleDown.stabilizationWindowSeconds);
    expect(scaleDown.stabilizationWindowSeconds).toBe(60);
    const perMinute = ({ policies }: typeof scaleUp) =>
      policies.map(
        ({ value, periodSeconds }: { value: number; periodSeconds: number }) => (value * 60) / periodSeconds,
      );
    expect(perMinute(scaleUp)).toEqual([200, 4]);
    expect(perMinute(scaleDown)).toEqual([25, 1]);
  });
});

test('pods that are not ready never keep a node from being emptied', () => {
  expect(objects({ maxUnavailable: 2 })['PodDisruptionBudget/shop'].spec).toMatchObject({
    maxUnavailable: 2,
    unhealthyPodEvictionPolicy: 'AlwaysAllow',
  });
});

describe('the way in for users', () => {
  test('leads through the mesh, so that the split holds for them', () => {
    const { metadata, spec } = objects()['Ingress/shop'];
    expect(metadata.annotations).toEqual({ 'nginx.ingress.kubernetes.io/service-upstream': 'true' });
    expect(spec.rules).toMatchObject([
      {
        host: 'shop.example.com',
        http: { paths: [{ path: '/', backend: { service: { name: 'shop', port: { number: 80 } } } }] },
      },
    ]);
  });

  test('is some paths of a host that services share', () => {
    const [rule] = objects({ paths: ['/api/users', '/api/profiles'] })['Ingress/shop'].spec.rules;
    expect(rule.http.paths.map(({ path, pathType }: Record<string, string>) => ({ path, pathType }))).toEqual(
      [
        { path: '/api/users', pathType: 'Prefix' },
        { path: '/api/profiles', pathType: 'Prefix' },
      ],
    );
  });

  test('is none for a service that is not public', () => {
    const internal = objectsOf({
      image: SHOP.image,
      platform: PLATFORM,
      public: false,
      callers: [{ name: 'cart', namespace: 'cart' }],
    });
    expect(internal.map(({ kind }) => kind)).not.toContain('Ingress');
  });
});

describe('the secrets of a web service', () => {
  const secret = objects({
    secrets: {
      SESSION_KEY: { remoteKey: 'session', property: 'key' },
      API_TOKEN: { remoteKey: 'token' },
      LEGACY: { name: 'legacy', key: 'value' },
    },
  });

  test('come from the secret store, each under the name of its variable', () => {
    expect(secret['ExternalSecret/shop'].spec).toEqual({
      secretStoreRef: { kind: 'ClusterSecretStore', name: 'store' },
      refreshInterval: '1h',
      target: {
        name: 'shop',
        template: {
          metadata: {
            // Else a rotated value would start a release, and leave the primary with the one before.
            annotations: { 'flagger.app/config-tracking': 'disabled' },
          },
        },
      },
      data: [
        { secretKey: 'SESSION_KEY', remoteRef: { key: 'dev/shop/session', property: 'key' } },
        { secretKey: 'API_TOKEN', remoteRef: { key: 'dev/shop/token' } },
      ],
    });
    const [container] = secret['Deployment/shop'].spec.template.spec.containers;
    expect(container.env.filter(({ valueFrom }: { valueFrom?: object }) => valueFrom)).toEqual([
      { name: 'SESSION_KEY', valueFrom: { secretKeyRef: { name: 'shop', key: 'SESSION_KEY' } } },
      { name: 'API_TOKEN', valueFrom: { secretKeyRef: { name: 'shop', key: 'API_TOKEN' } } },
      { name: 'LEGACY', valueFrom: { secretKeyRef: { name: 'legacy', key: 'value' } } },
    ]);
  });

  test('need no ExternalSecret where something else makes them', () => {
    expect(objects({ secrets: { LEGACY: { name: 'legacy', key: 'value' } } })).not.toHaveProperty(
      'ExternalSecret/shop',
    );
  });
});

test('a service without metrics of its own is not scraped', () => {
  expect(objects({ management: { metrics: false } })).not.toHaveProperty('PodMonitor/shop');
  expect(objects()['PodMonitor/shop'].spec.podMetricsEndpoints).toEqual([
    { port: 'management', path: '/metrics' },
  ]);
});

test('ten lines are a service, and another service may be passed where one is named', () => {
  const chart = new Chart(new App(), 'chart', { namespace: 'shop' });
  const cart = new WebService(chart, 'cart', { ...SHOP, host: 'cart.example.com' } as WebServiceProps);
  new WebService(chart, 'stock', { image: SHOP.image, platform: PLATFORM, public: false, callers: [cart] });
  const callers = (chart.toJson() as Record<string, any>[]).find(
    ({ kind, metadata }) => kind === 'MeshTLSAuthentication' && metadata.name === 'stock',
  );
  expect(callers?.spec.identityRefs).toContainEqual({
    kind: 'ServiceAccount',
    name: 'cart',
    namespace: 'shop',
  });
});

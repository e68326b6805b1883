import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import { mayConnect } from '../../charts/testing/network.ts';
import type { Edge, Platform } from '../../config/schema.ts';
import { sampleConfig } from '../../config/testing/sample.ts';
import { DRAIN, EDGE_PORTS, INGRESS_CONTROLLER } from '../../flux/add-ons/ingress-nginx.ts';
import { servicePlatform } from '../service-platform.ts';
import { addOnContext } from './context.ts';
import { edgeAddOns } from './edge.ts';

const SIGN_IN = { issuer: 'https://login.slipway.example', emailDomains: ['slipway.example'] };
const NLB = 'service.beta.kubernetes.io/aws-load-balancer-';

interface Given {
  cluster?: string;
  edge?: Edge;
  addOns?: Platform['addOns'];
  git?: Partial<Platform['git']>;
}

/** The edge's add-ons of a cluster, each with its objects. */
function made({ cluster = 'dev-eu-west-1', edge = {}, addOns = {}, git = {} }: Given = {}) {
  const config = sampleConfig();
  config.platform.edge = edge;
  config.platform.addOns = addOns;
  Object.assign(config.platform.git, git);
  const record = config.platform.clusters.find(({ name }) => name === cluster);
  if (record === undefined) throw new Error(`no cluster ${cluster}`);
  const context = addOnContext(config, record);
  return new Map(
    edgeAddOns(context).map((addOn) => {
      const chart = new Chart(new App(), addOn.name, { namespace: addOn.namespace });
      addOn.objects(chart);
      return [addOn.name, { addOn, objects: chart.toJson() as any[] }];
    }),
  );
}

const objects = (given?: Given) => [...made(given).values()].flatMap((own) => own.objects);

function values(name: string, given?: Given): any {
  return made(given)
    .get(name)
    ?.objects.find(({ kind }) => kind === 'HelmRelease').spec.values;
}

describe('the load balancer', () => {
  test('has addresses on the internet, and takes connections from everywhere, where nothing is said', () => {
    const { service } = values('ingress-nginx').controller;
    expect(service.annotations[`${NLB}scheme`]).toBe('internet-facing');
    expect(service).not.toHaveProperty('loadBalancerSourceRanges');
  });

  test('is in the VPC alone, and takes connections from the ranges that are given', () => {
    const edge: Edge = { access: 'internal', allowFrom: ['10.0.0.0/8', '192.168.0.0/16'] };
    const { service } = values('ingress-nginx', { edge }).controller;
    expect(service.annotations[`${NLB}scheme`]).toBe('internal');
    expect(service.loadBalancerSourceRanges).toEqual(['10.0.0.0/8', '192.168.0.0/16']);
  });

  test.each([
    ['public', '10.10.128.0/22,10.10.132.0/22'],
    ['internal', '10.10.0.0/18,10.10.64.0/18'],
  ] as const)('is believed what it says of clients where it is: %s', (access, ranges) => {
    expect(values('ingress-nginx', { edge: { access } }).controller.config['proxy-real-ip-cidr']).toBe(
      ranges,
    );
  });

  test('keeps the connections of a pod as long as the pod may take to go', () => {
    const { service, terminationGracePeriodSeconds } = values('ingress-nginx').controller;
    const attributes: string = service.annotations[`${NLB}target-group-attributes`];
    expect(attributes.split(',')).toContain(
      `deregistration_delay.timeout_seconds=${terminationGracePeriodSeconds}`,
    );
  });
});

describe('the controller', () => {
  test('grows with its load in production, and not without who measures that', () => {
    const cluster = 'prod-eu-west-1';
    expect(values('ingress-nginx', { cluster }).controller.autoscaling).toMatchObject({
      enabled: true,
      minReplicas: 3,
    });
    const { controller } = values('ingress-nginx', { cluster, addOns: { 'metrics-server': 'off' } });
    expect(controller.autoscaling).toBeUndefined();
    expect(controller.replicaCount).toBe(3);
  });

  test('runs twice in the smallest cluster, since a single pod could not go without a gap', () => {
    expect(values('ingress-nginx').controller.replicaCount).toBe(2);
  });

  test('closes every connection before it goes: the youngest has time to be busy, and to be idle', () => {
    const { lifecycle, config, terminationGracePeriodSeconds } = values('ingress-nginx').controller;
    const waits = Number(/sleep (\d+)/.exec(lifecycle.preStop.exec.command.join(' '))?.[1]);
    const recycled = Number(/keepalive_time (\d+)s/.exec(config['http-snippet'])?.[1]);
    expect(waits).toBeGreaterThanOrEqual(DRAIN.deregister + recycled + Number(config['keep-alive']));
    // Ten more seconds are the controller's own, after nginx.
    const finish = Number.parseInt(config['worker-shutdown-timeout'], 10);
    expect(terminationGracePeriodSeconds).toBeGreaterThanOrEqual(waits + finish + 10);
  });

  test('writes nothing of a person into its log', () => {
    const { config } = values('ingress-nginx').controller;
    const line = JSON.parse(config['log-format-upstream']) as Record<string, string>;
    const variables = Object.values(line);
    for (const personal of [
      'remote_addr',
      'proxy_protocol_addr',
      'remote_user',
      'request_uri',
      'args',
      'http_referer',
      'http_user_agent',
      'uri',
      'request',
    ]) {
      expect(variables).not.toContain(`$${personal}`);
    }
  });

  test.each([
    [true, 'github', true],
    [false, 'github', false],
    [true, 'none', false],
  ] as const)('reaches Flux where a git host tells of pushes: %s, %s', (pushEvents, host, reaches) => {
    const policies = objects({ git: { pushEvents, host } }).filter(
      ({ kind, metadata }) => kind === 'NetworkPolicy' && metadata.namespace === 'ingress-nginx',
    );
    const ways = policies.flatMap(({ spec }) => spec.egress ?? []);
    const toFlux = ways.filter(({ to }: any) => JSON.stringify(to ?? []).includes('notification-controller'));
    expect(toFlux.flatMap(({ ports }: any) => ports.map(({ port }: any) => port))).toEqual(
      reaches ? [9292, 4143] : [],
    );
  });

  test('is to services who it says it is', () => {
    const [cluster] = sampleConfig().platform.clusters;
    if (cluster === undefined) throw new Error('the sample has no cluster');
    const { ingressController } = servicePlatform(cluster, sampleConfig().platform);
    expect(ingressController).toEqual(INGRESS_CONTROLLER);
    expect(values('ingress-nginx').serviceAccount.name).toBe(ingressController.serviceAccount);
  });
});

describe('dashboards', () => {
  test('have no address where nobody vouches for people', () => {
    expect([...made().keys()]).toEqual(['ingress-nginx', 'external-dns', 'certificate-issuers']);
    expect(objects().filter(({ kind }) => kind === 'Ingress')).toEqual([]);
  });

  test('have none where the add-on that signs people in is left out', () => {
    const given: Given = { edge: { signIn: SIGN_IN }, addOns: { 'oauth2-proxy': 'off' } };
    expect(made(given).has('dashboard-routes')).toBe(false);
  });

  test('have one each, behind a sign-in that stays on it', () => {
    const ingresses = objects({ edge: { signIn: SIGN_IN } }).filter(({ kind }) => kind === 'Ingress');
    const routes = ingresses.map(({ metadata, spec }) => [
      `${spec.rules[0].host}${spec.rules[0].http.paths[0].path}`,
      'nginx.ingress.kubernetes.io/auth-url' in metadata.annotations,
    ]);
    expect(routes).toEqual([
      ['grafana-dev-eu-west-1.dev.slipway.example/oauth2', false],
      ['linkerd-viz-dev-eu-west-1.dev.slipway.example/oauth2', false],
      ['grafana-dev-eu-west-1.dev.slipway.example/', true],
      ['linkerd-viz-dev-eu-west-1.dev.slipway.example/', true],
    ]);
    const { config, extraArgs } = values('oauth2-proxy', { edge: { signIn: SIGN_IN } });
    // A cookie with this prefix is refused by browsers when it is for a domain.
    expect(config.cookieName).toMatch(/^__Host-/);
    expect(extraArgs).not.toHaveProperty('cookie-domain');
  });

  test('leave out those that the cluster has not', () => {
    const given: Given = { edge: { signIn: SIGN_IN }, addOns: { 'linkerd-viz': 'off' } };
    const { addOn } = made(given).get('dashboard-routes') ?? {};
    expect(addOn?.dependsOn).toEqual(['ingress-nginx', 'oauth2-proxy', 'kube-prometheus-stack']);
    expect(objects(given).some(({ metadata }) => metadata.namespace === 'linkerd-viz')).toBe(false);
  });

  test('need nobody to sign people in where there are none', () => {
    const addOns = { 'linkerd-viz': 'off', grafana: 'off' } as const;
    const names = [...made({ edge: { signIn: SIGN_IN }, addOns }).keys()];
    expect(names).toEqual(['ingress-nginx', 'external-dns', 'certificate-issuers']);
  });

  test('let in whom the config names', () => {
    const { config } = values('oauth2-proxy', { edge: { signIn: { ...SIGN_IN, groups: ['platform'] } } });
    expect(config.configFile.split('\n')).toEqual([
      'email_domains = ["slipway.example"]',
      'allowed_groups = ["platform"]',
      'upstreams = ["static://202"]',
    ]);
  });
});

describe('in the network', () => {
  const all = objects({ edge: { signIn: SIGN_IN } });
  const { http, redirect, webhook, metrics } = EDGE_PORTS;
  const controller = { namespace: INGRESS_CONTROLLER.namespace, labels: INGRESS_CONTROLLER.labels };
  const signIn = { namespace: 'oauth2-proxy', labels: { 'app.kubernetes.io/name': 'oauth2-proxy' } };
  const dns = { namespace: 'external-dns', labels: { 'app.kubernetes.io/name': 'external-dns' } };
  const prometheus = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'prometheus' } };
  const grafana = { namespace: 'monitoring', labels: { 'app.kubernetes.io/name': 'grafana' } };
  const app = { namespace: 'conduit', labels: { 'app.kubernetes.io/name': 'conduit-primary' } };
  const job = { namespace: 'ingress-nginx', labels: { 'app.kubernetes.io/component': 'admission-webhook' } };
  // Of the sample's VPC, in two zones: public subnets come behind the private ones.
  const loadBalancer = { ip: '10.10.128.7' };
  const pod = { ip: '10.10.0.7' };
  const outside = { ip: '203.0.113.9' };

  test.each([
    ['the load balancer reaches the controller', loadBalancer, controller, http, true],
    ['the load balancer reaches the redirect', loadBalancer, controller, redirect, true],
    ['nobody else on the internet does', outside, controller, http, false],
    ['an app does not: it could say of itself who it is', app, controller, http, false],
    ['nor does any address at which pods are', pod, controller, http, false],
    ['the Kubernetes API asks the webhook', pod, controller, webhook, true],
    ['an app does not: the webhook runs nginx on what it is sent', app, controller, webhook, false],
    ['Prometheus reads the controller', prometheus, controller, metrics, true],
    ['the controller reaches apps, in the mesh', controller, app, 4143, true],
    ['not their own ports', controller, app, 8080, false],
    ['the controller reaches Grafana, which is not in the mesh', controller, grafana, 3000, true],
    ['the controller asks who has signed in', controller, signIn, 4143, true],
    ['nobody else does', app, signIn, 4180, false],
    ['who signs people in reaches their provider', signIn, outside, 443, true],
    ['who writes DNS names reaches Route 53', dns, outside, 443, true],
    ['and nobody reaches it but Prometheus', app, dns, 7979, false],
    [
      'the Job that makes the webhook’s certificate reaches the Kubernetes API',
      job,
      { ip: '172.20.0.1' },
      443,
      true,
    ],
    ['the controller reaches nothing outside', controller, outside, 443, false],
  ])('%s', (_, from, to, port, can) => {
    expect(mayConnect(all, from, to, port)).toBe(can);
  });
});

import { describe, expect, test } from '@jest/globals';
import { COLLECTOR_PORTS, collectorConfig } from './collector-config.ts';

const CONFIGS = {
  one: collectorConfig({ region: 'eu-west-1' }),
  many: collectorConfig({ region: 'eu-west-1', peers: 'peers.example.com' }),
};

/** Where spans end up that come in by a receiver, through pipelines and connectors. */
function ends({ service, connectors, exporters }: (typeof CONFIGS)['one'], receiver: string): string[] {
  return Object.entries(service.pipelines)
    .filter(([name, { receivers }]) => name.startsWith('traces') && receivers.includes(receiver))
    .flatMap(([, pipeline]) => pipeline.exporters)
    .flatMap((name) => {
      if (name in connectors) return [name];
      // The other end of it is a collector of the same kind.
      if (name === 'loadbalancing') return ends(CONFIGS.many, 'otlp/peers');
      return name in exporters ? [name] : [];
    });
}

describe.each(Object.entries(CONFIGS))('of %s collector(s)', (_, config) => {
  const { service, receivers, processors, connectors, exporters, extensions } = config;
  const pipelines = Object.values(service.pipelines);

  test('every part that a pipeline names is there, and every part that is there is used', () => {
    const used = (kind: 'receivers' | 'processors' | 'exporters') =>
      new Set(pipelines.flatMap((pipeline) => pipeline[kind]));
    const between = Object.keys(connectors);
    expect([...used('receivers')].sort()).toEqual([...Object.keys(receivers), ...between].sort());
    expect([...used('processors')].sort()).toEqual(Object.keys(processors).sort());
    expect([...used('exporters')].sort()).toEqual([...Object.keys(exporters), ...between].sort());
    expect(service.extensions).toEqual(Object.keys(extensions));
  });

  test('spans of pods reach X-Ray, once, and are counted', () => {
    expect(ends(config, 'otlp').sort()).toEqual(['awsxray', 'spanmetrics']);
  });

  test('spans are counted before some are left out', () => {
    const counting = pipelines.find((pipeline) => pipeline.exporters.includes('spanmetrics'));
    expect(counting?.processors).not.toContain('tail_sampling');
  });

  test('whatever comes from outside is refused before memory runs out', () => {
    for (const { receivers: from, processors: through } of pipelines) {
      if (from.some((name) => name.startsWith('otlp'))) expect(through[0]).toBe('memory_limiter');
    }
  });

  test('it reads nothing from its environment, which Flux would take for its own variables', () => {
    expect(JSON.stringify(config)).not.toContain('${');
  });
});

test('of several, each is sent whole traces by the others', () => {
  expect(CONFIGS.many.exporters).toMatchObject({
    loadbalancing: {
      routing_key: 'traceID',
      resolver: { dns: { hostname: 'peers.example.com', port: String(COLLECTOR_PORTS.peers) } },
    },
  });
  expect(CONFIGS.one.exporters).not.toHaveProperty('loadbalancing');
});

test('traces that hold an error or are slow are all kept', () => {
  const { tail_sampling } = CONFIGS.one.processors as any;
  expect(tail_sampling.policies.map(({ type }: { type: string }) => type)).toEqual([
    'status_code',
    'latency',
    'probabilistic',
  ]);
});

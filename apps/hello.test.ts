import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import type { Resource } from '../charts/custom-resource.ts';
import { sampleConfig } from '../config/testing/sample.ts';
import { appContext } from './app-context.ts';
import hello from './hello.ts';

/** The Deployment of the example in the sample's first cluster. */
function deployment() {
  const config = sampleConfig();
  const [cluster] = config.platform.clusters;
  if (cluster === undefined) throw new Error('the sample has no cluster');
  const chart = new Chart(new App(), 'chart', { namespace: 'hello' });
  hello(chart, { ...appContext(config, cluster, 'conduit'), name: 'hello' });
  return (chart.toJson() as Resource[]).find(({ kind }) => kind === 'Deployment') as any;
}

test('the example is ten lines long', async () => {
  const text = await readFile(join(import.meta.dirname, 'hello.ts'), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(10);
});

test('the example is asked where podinfo answers, as the user that its image has by name only', () => {
  const { template } = deployment().spec;
  const [container] = template.spec.containers;
  expect(template.spec.securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 100 });
  expect(container.ports).toEqual([
    { name: 'http', containerPort: 9898 },
    { name: 'management', containerPort: 9090 },
  ]);
  expect(container.args).toContain('--port-metrics=9090');
  for (const probe of [container.livenessProbe, container.readinessProbe, container.startupProbe])
    expect(probe.httpGet).toEqual({ path: '/healthz', port: 'management' });
});

test('the example is given no longer to drain than podinfo takes, which then stops', () => {
  const { env } = deployment().spec.template.spec.containers[0];
  expect(env).toContainEqual({ name: 'DRAIN_SECONDS', value: '3' });
});

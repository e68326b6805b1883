import { describe, expect, test } from '@jest/globals';
import { App, Chart } from 'cdk8s';
import {
  ChartSource,
  type ChartSourceProps,
  HelmRelease,
  type HelmReleaseProps,
  injectedCa,
  releaseWorkflow,
} from './helm-release.ts';

const SOURCE: ChartSourceProps = { url: 'oci://ghcr.io/example/charts/tool', version: '1.2.3' };

function source(props: Partial<ChartSourceProps> = {}) {
  const chart = new Chart(new App(), 'chart');
  new ChartSource(chart, 'tool', { ...SOURCE, ...props });
  return chart.toJson()[0].spec;
}

function release(props: Partial<HelmReleaseProps<object>> = {}) {
  const chart = new Chart(new App(), 'chart', { namespace: 'tool' });
  new HelmRelease(chart, 'tool', { chart: { source: 'tool' }, values: {}, ...props });
  return chart.toJson()[0].spec;
}

describe('a chart that its publisher signs', () => {
  const [identity] = source({ signedBy: releaseWorkflow('example/tool', 'release.yml') }).verify
    .matchOIDCIdentity;

  test('is taken when the workflow of a release signed it', () => {
    expect('https://token.actions.githubusercontent.com').toMatch(new RegExp(identity.issuer));
    expect('https://github.com/example/tool/.github/workflows/release.yml@refs/tags/v1.2.3').toMatch(
      new RegExp(identity.subject),
    );
  });

  test.each([
    'https://github.com/example/tool/.github/workflows/release.yml@refs/heads/main',
    'https://github.com/example/tool/.github/workflows/release.yml@refs/tags/v1.2.3-evil',
    'https://github.com/example/tool/.github/workflows/test.yml@refs/tags/v1.2.3',
    'https://github.com/evil/tool/.github/workflows/release.yml@refs/tags/v1.2.3',
    'https://evil.example/https://github.com/example/tool/.github/workflows/release.yml@refs/tags/v1.2.3',
    'https://githubXcom/example/tool/.github/workflows/release.yml@refs/tags/v1.2.3',
  ])('is refused when %s did', (subject) => {
    expect(subject).not.toMatch(new RegExp(identity.subject));
  });

  test('is not asked for a signature where there is none', () => {
    expect(source()).not.toHaveProperty('verify');
  });
});

describe('a HelmRelease', () => {
  test('upgrades CRDs, mends drift and tries again what failed', () => {
    const again = { crds: 'CreateReplace', strategy: { name: 'RetryOnFailure' } };
    expect(release()).toMatchObject({
      install: again,
      upgrade: again,
      driftDetection: { mode: 'enabled' },
    });
    expect(release()).not.toHaveProperty('timeout');
    expect(release({ timeoutMinutes: 12 }).timeout).toBe('12m');
  });

  test('takes for no drift what others write', () => {
    const { ignore } = release({
      writtenByOthers: [
        injectedCa('ValidatingWebhookConfiguration', 2),
        { kind: 'APIService', name: 'v1.tool', paths: ['/spec/caBundle'] },
      ],
    }).driftDetection;
    expect(ignore).toEqual([
      {
        target: { kind: 'ValidatingWebhookConfiguration' },
        paths: ['/webhooks/0/clientConfig/caBundle', '/webhooks/1/clientConfig/caBundle'],
      },
      { target: { kind: 'APIService', name: 'v1.tool' }, paths: ['/spec/caBundle'] },
    ]);
  });
});

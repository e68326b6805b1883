import { expect, test } from '@jest/globals';
import type { Resource } from '../../../charts/custom-resource.ts';
import type { Manifest } from '../dist/manifests.ts';
import { missingCharts } from './missing-charts.ts';
import type { ChartRecords, ChartVersion } from './record.ts';

const known: ChartVersion = { sha256: {}, keys: ['image'], crds: ['example.com/Tool'] };
const records: ChartRecords = new Map([['tool', { chart: 'tool', versions: { '1.0.0': known } }]]);

const repository = (name = 'repository') => ({
  apiVersion: 'source.toolkit.fluxcd.io/v1',
  kind: 'HelmRepository',
  metadata: { name, namespace: 'tool' },
  spec: { url: 'https://charts.example.com' },
});
const release = (version: string, chart = 'tool') => ({
  apiVersion: 'helm.toolkit.fluxcd.io/v2',
  kind: 'HelmRelease',
  metadata: { name: chart, namespace: 'tool' },
  spec: { chart: { spec: { chart, version, sourceRef: { kind: 'HelmRepository', name: 'repository' } } } },
});
const inCluster = (cluster: string, ...objects: Resource[]): Manifest[] =>
  objects.map((object) => ({ cluster, file: `${cluster}/platform/tool/tool.yaml`, object }));

test('a version that has a record is not missing', () => {
  expect(missingCharts(inCluster('a', repository(), release('1.0.0')), records)).toEqual([]);
});

test('one that has none is said once for all clusters, with its source and what is known of the newest before', () => {
  const manifests = ['a', 'b'].flatMap((cluster) => inCluster(cluster, repository(), release('1.1.0')));
  expect(missingCharts(manifests, records)).toEqual([
    { chart: 'tool', version: '1.1.0', source: 'https://charts.example.com', before: known },
  ]);
});

test('so is a chart of which nothing is known, and one of a registry', () => {
  const source = {
    apiVersion: 'source.toolkit.fluxcd.io/v1',
    kind: 'OCIRepository',
    metadata: { name: 'signed', namespace: 'tool' },
    spec: { url: 'oci://ghcr.io/example/signed', ref: { tag: '2.0.0' } },
  };
  const signed = {
    ...release(''),
    metadata: { name: 'signed', namespace: 'tool' },
    spec: { chartRef: { kind: 'OCIRepository', name: 'signed' } },
  };
  expect(
    missingCharts(inCluster('a', repository(), release('1.0.0', 'other'), source, signed), records),
  ).toEqual([
    { chart: 'other', version: '1.0.0', source: 'https://charts.example.com' },
    { chart: 'signed', version: '2.0.0', source: 'oci://ghcr.io/example/signed' },
  ]);
});

test('a chart whose source is not there can be pulled by nobody', () => {
  expect(missingCharts(inCluster('a', repository('another'), release('1.1.0')), records)).toEqual([]);
});

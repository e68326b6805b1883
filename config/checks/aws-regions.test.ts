import { expect, test } from '@jest/globals';
import { RegionInfo } from 'aws-cdk-lib/region-info';
import { AWS_REGIONS } from './aws-regions.ts';

/** Why a partition's regions are left out: a new partition is to be decided on, not to slip by. */
const LEFT_OUT = {
  'aws-cn': 'China: accounts and a domain of their own, and some services missing',
  'aws-us-gov': 'GovCloud: accounts of their own, and a separate registry of public images',
  'aws-eusc': 'the European Sovereign Cloud: accounts and a domain of their own',
  'aws-iso': 'isolated: no internet, so no public charts and images',
  'aws-iso-b': 'isolated',
  'aws-iso-e': 'isolated',
  'aws-iso-f': 'isolated',
};

test('lists the regions that the CDK counts to the commercial partition, no more and no fewer', () => {
  const commercial = RegionInfo.regions.filter(({ partition }) => partition === 'aws');
  expect([...AWS_REGIONS].sort()).toEqual(commercial.map(({ name }) => name).sort());
});

test('leaves out the other partitions knowingly', () => {
  const others = RegionInfo.regions.flatMap(({ partition }) =>
    partition === 'aws' ? [] : (partition ?? 'none'),
  );
  expect([...new Set(others)].sort()).toEqual(Object.keys(LEFT_OUT).sort());
});

import type { ClusterInput } from '../schema.ts';

// The clusters that tests stand on; see platform.ts beside it.
export const clusters: ClusterInput[] = [
  {
    name: 'dev-eu-west-1',
    account: '111111111111',
    region: 'eu-west-1',
    ring: 'dev',
    zones: ['a', 'b'],
    vpcCidr: '10.10.0.0/16',
    apps: ['conduit'],
  },
  {
    name: 'staging-eu-west-1',
    account: '222222222222',
    region: 'eu-west-1',
    ring: 'staging',
    zones: ['a', 'b'],
    vpcCidr: '10.20.0.0/16',
    apps: ['conduit'],
  },
  {
    name: 'prod-eu-west-1',
    account: '333333333333',
    region: 'eu-west-1',
    ring: 'prod',
    zones: ['a', 'b', 'c'],
    vpcCidr: '10.30.0.0/16',
    apps: ['conduit'],
  },
];

import type { ClusterInput } from './schema.ts';

// One record per cluster; all else is computed from it. To add one, add a record: npm run synth then writes its folder
// in dist/, and its own stacks appear in npm run infra:synth.
export const clusters: ClusterInput[] = [
  {
    name: 'dev-eu-west-1',
    account: '111111111111',
    region: 'eu-west-1',
    ring: 'dev',
    zones: ['a', 'b'],
    vpcCidr: '10.10.0.0/16', // no two clusters may overlap, so that VPCs can be peered one day
    apps: ['conduit', 'hello'],
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

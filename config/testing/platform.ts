import { definePlatform } from '../schema.ts';
import { clusters } from './clusters.ts';

// The platform that tests stand on. It is copied into config/ of a copy of the repo, and edited there as a user would.
export default definePlatform({
  organisation: 'slipway',
  domain: 'slipway.example',

  git: { url: 'https://github.com/slipway/slipway' },

  registry: 'ghcr.io/slipway',

  rings: [
    { name: 'dev', promotion: 'automatic', images: 'pre-releases' },
    { name: 'staging', promotion: 'automatic', images: 'releases' },
    { name: 'prod', promotion: 'approval', soakMinutes: 60, domain: 'slipway.example' },
  ],

  imageAutomation: { cluster: 'staging-eu-west-1' },

  clusters,

  apps: {
    conduit: {
      settings: {
        replicas: { min: 2, max: 6 },
        cpu: '100m',
        memory: '192Mi',
        release: { strategy: 'canary', weights: { step: 10, max: 50 }, intervalSeconds: 60, threshold: 5 },
      },
      rings: {
        dev: { replicas: { min: 1, max: 2 } },
        prod: { replicas: { min: 3, max: 12 } },
      },
    },
  },
});

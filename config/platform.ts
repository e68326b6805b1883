import { clusters } from './clusters.ts';
import { definePlatform } from './schema.ts';

export default definePlatform({
  organisation: 'slipway',
  domain: 'slipway.example',

  // The repository that Flux reads: this one.
  git: { url: 'https://github.com/slipway/slipway' },

  // Where the images of our own apps are pushed.
  registry: 'ghcr.io/slipway',

  // Who vouches for the people who open the dashboards. Without it they have no address: docs/edge.md.
  edge: { signIn: { issuer: 'https://login.slipway.example', emailDomains: ['slipway.example'] } },

  // The way to production, first step first. An image and a version walk it from top to bottom.
  rings: [
    { name: 'dev', promotion: 'automatic', images: 'pre-releases' },
    { name: 'staging', promotion: 'automatic', images: 'releases' },
    { name: 'prod', promotion: 'approval', soakMinutes: 60, domain: 'slipway.example' },
  ],

  // The one cluster that may push new images to the repository. Not dev, where anything may run; not production.
  imageAutomation: { cluster: 'staging-eu-west-1' },

  clusters,

  apps: {
    conduit: {
      settings: {
        replicas: { min: 2, max: 6 },
        cpu: '100m',
        // At full load it holds 150 MiB, and 170 with traces; above 80 % of this there are more pods.
        memory: '256Mi',
        // 10 % more of the traffic each minute, up to half of it; rolled back once five checks have failed.
        release: { strategy: 'canary', weights: { step: 10, max: 50 }, intervalSeconds: 60, threshold: 5 },
        // One service; 'split' makes four of it.
        topology: 'single',
        database: { poolSize: 10 },
      },
      // What is different in a ring.
      rings: {
        dev: { replicas: { min: 1, max: 2 } },
        prod: { replicas: { min: 3, max: 12 }, traffic: { requestsPerSecond: 40 } },
      },
    },
    // The smallest app there is, to copy from.
    hello: {
      settings: {
        replicas: { min: 1, max: 2 },
        cpu: '20m',
        memory: '64Mi',
        release: { strategy: 'canary', weights: [1, 10, 50], intervalSeconds: 30, threshold: 2 },
      },
    },
  },
});

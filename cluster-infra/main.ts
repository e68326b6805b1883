// The CDK app: for each cluster of the config, the stacks that it stands on.

import { App } from 'aws-cdk-lib';
import { ConfigError } from '../config/errors.ts';
import { type Config, loadConfig } from '../config/load.ts';
import { NetworkStack } from './network-stack.ts';

function infrastructure({ platform }: Config): App {
  const app = new App();
  for (const cluster of platform.clusters) new NetworkStack(app, `${cluster.name}-network`, { cluster });
  return app;
}

try {
  infrastructure(await loadConfig(`${import.meta.dirname}/..`)).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 2;
}

// The CDK app: for each cluster of the config, the stacks that it stands on.

import { App } from 'aws-cdk-lib';
import { loadConfig } from '../config/load.ts';
import { NetworkStack } from './network-stack.ts';

const { platform } = await loadConfig(`${import.meta.dirname}/..`);
const app = new App();
for (const cluster of platform.clusters) new NetworkStack(app, `${cluster.name}-network`, { cluster });
app.synth();

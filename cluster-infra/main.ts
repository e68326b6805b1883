// What `cdk` runs, and `npm run infra:synth`: templates of every stack, in the folder that CDK_OUTDIR names.
import { loadConfig } from '../config/load.ts';
import { findings } from './checks/findings.ts';
import { infraApp } from './infra-app.ts';

const { platform } = await loadConfig(`${import.meta.dirname}/..`);
const checks = process.env.CDK_VALIDATION !== 'false';
const app = infraApp(platform, { checks });
const { directory } = app.synth();
const found = checks ? findings(app, directory) : [];
for (const { rule, at, says } of found) console.error(`${rule}: ${at}: ${says}`);
if (found.length > 0) process.exitCode = 1;

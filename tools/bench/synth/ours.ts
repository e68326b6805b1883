// What `npm run synth` does, for N services, into a folder. Prints its peak memory in MB.

import type { Config } from '../../../config/load.ts';
import { judge } from '../../lib/check/judge.ts';
import { compileFiles } from '../../lib/synth/compile.ts';
import { publish } from '../../lib/synth/publish.ts';
import { workload } from './workload.ts';

const [services = '1', folder = '.'] = process.argv.slice(2);
const compiled = compileFiles(workload(Number(services)));
// The workload is one layer of a cluster without its Flux objects, which some policies miss: they are counted on.
const config = { platform: { clusters: [] }, images: {} } as unknown as Config;
judge(config, compiled);
publish(compiled, `${folder}/dist`, `${folder}/scratch`);
console.log(Math.round(process.resourceUsage().maxRSS / 1024));

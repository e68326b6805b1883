// `node ours.ts N FOLDER`: what `npm run synth` does, for N services, into a folder. Prints its peak memory in MB.

import { compileFiles } from '../../lib/synth/compile.ts';
import { publish } from '../../lib/synth/publish.ts';
import { workload } from './workload.ts';

const [services = '1', folder = '.'] = process.argv.slice(2);
publish(compileFiles(workload(Number(services))), `${folder}/dist`, `${folder}/scratch`);
console.log(Math.round(process.resourceUsage().maxRSS / 1024));

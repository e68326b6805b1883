import { Command } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { ringDomain, ringOfCluster } from '../../config/per-ring.ts';
import { count } from '../lib/count.ts';
import { stopwatch } from '../lib/elapsed.ts';
import { EXIT } from '../lib/exit.ts';
import { clusters } from '../lib/policy/cluster.ts';
import { ROOT } from '../lib/repo.ts';
import { collisions } from '../lib/routes/collisions.ts';
import { routeTable } from '../lib/routes/table.ts';
import { traceRoutes } from '../lib/routes/trace.ts';
import { compile } from '../lib/synth/compile.ts';
import { checkSelection } from '../lib/synth/select.ts';

interface Options {
  cluster?: string;
  json?: boolean;
}

/** `npm run routes`: what a request passes, from its name to the pods that answer. */
export function command(): Command {
  return new Command()
    .description(
      'Traces each public route through the objects of its cluster: DNS name, certificate, load balancer, Ingress, Service, the split of a release, pods. Says where one breaks, and which names several clusters publish.',
    )
    .option('--cluster <name>', 'only the routes of one cluster')
    .option('--json', 'the routes as JSON')
    .action(routes);
}

async function routes({ cluster: only, json }: Options): Promise<void> {
  const elapsed = stopwatch();
  const config = await loadConfig(ROOT);
  const { platform } = config;
  checkSelection(platform, only === undefined ? {} : { cluster: only });
  const { manifests } = await compile(config);
  const all = clusters(manifests).flatMap((cluster) => {
    const ring = ringOfCluster(platform, cluster.name);
    return traceRoutes(cluster, ring && ringDomain(platform, ring));
  });
  const told = all.filter(({ cluster }) => only === undefined || cluster === only);
  const broken = told.filter(({ breaches }) => breaches.length > 0);
  if (json) {
    const plain = told.map(({ cluster, host, path, hops, breaches }) => ({
      cluster,
      host,
      path,
      hops,
      broken: breaches.map(({ path, wrong, fix }) => ({ path, wrong, fix })),
    }));
    console.log(JSON.stringify(plain, undefined, 2));
  } else {
    for (const line of routeTable(told)) console.log(line);
  }
  for (const line of collisions(all)) console.error(`note: ${line}`);
  console.error(
    `${count(told.length, 'route')}, ${broken.length === 0 ? 'none of them broken' : `${broken.length} broken`}, in ${elapsed()}`,
  );
  if (broken.length > 0) process.exitCode = EXIT.found;
}

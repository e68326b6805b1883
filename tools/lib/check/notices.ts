// What is no mistake, and must not be forgotten either: what is suspended, and what is pinned.
import type { Config } from '../../../config/load.ts';
import { shortVersion } from '../promote/runs.ts';

/** What somebody has taken out of the flow on purpose, a line each; what is suspended comes first. */
export function notices(config: Config): string[] {
  return [...suspensions(config), ...pins(config)];
}

function suspensions({ platform: { clusters, apps } }: Config): string[] {
  return [
    ...clusters
      .filter(({ suspend }) => suspend !== undefined)
      .map(({ name, suspend }) => suspended(`all of ${name}`, suspend)),
    ...Object.entries(apps).flatMap(([app, { rings }]) =>
      Object.entries(rings)
        .filter(([, { suspend }]) => suspend !== undefined)
        .map(([ring, { suspend }]) => suspended(`${app} in ${ring}`, suspend)),
    ),
  ];
}

function suspended(what: string, reason: string | undefined): string {
  return `!! suspended: ${what}, where Flux applies, mends and deletes nothing: ${reason}`;
}

function pins({ platform, images }: Config): string[] {
  return platform.rings.flatMap(({ name: ring }) =>
    Object.entries(images[ring] ?? {}).flatMap(([app, { reference, pin }]) => {
      if (pin === undefined) return [];
      const hurry = pin.skipAnalysis ? ', and every change to it goes out without analysis' : '';
      return [`pinned: ${app} in ${ring} at ${shortVersion(reference)}${hurry}: ${pin.reason}`];
    }),
  );
}

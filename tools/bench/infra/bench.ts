import { join } from 'node:path';
import { ROOT, SLIPWAY } from '../../lib/repo.ts';
import { measure, median } from '../measure.ts';

/** How long templates of all clusters may take, in seconds on two cores: compiled only, and judged too. */
export const LIMITS = { compiled: 3, judged: 15 } as const;

/** What is measured. */
export type InfraKind = keyof typeof LIMITS;

/** Seconds of one of the two: medians over the runs. */
export interface InfraFigure {
  kind: InfraKind;
  wallSeconds: number;
  cpuSeconds: number;
}

/** Measures the synthesis of all templates on this machine, without and with checks. */
export async function benchInfra(runs: number, progress: (text: string) => void): Promise<InfraFigure[]> {
  const figures: InfraFigure[] = [];
  for (const kind of Object.keys(LIMITS) as InfraKind[]) {
    const costs = [];
    for (let run = 1; run <= runs; run += 1) {
      progress(`${kind}, run ${run} of ${runs}`);
      const env = {
        CDK_OUTDIR: join(SLIPWAY, 'bench/cdk.out'),
        CDK_VALIDATION: String(kind === 'judged'),
      };
      const command = [process.execPath, join(ROOT, 'cluster-infra/main.ts')];
      costs.push(await measure({ command, cwd: ROOT, env }));
    }
    figures.push({
      kind,
      wallSeconds: median(costs.map(({ wallSeconds }) => wallSeconds)),
      cpuSeconds: median(costs.map(({ cpuSeconds }) => cpuSeconds)),
    });
  }
  return figures;
}

/** The figures as a table. */
export function infraTable(figures: readonly InfraFigure[]): string {
  const rows = figures.map(
    ({ kind, wallSeconds, cpuSeconds }) =>
      `| ${kind} | ${wallSeconds.toFixed(1)} s | ${cpuSeconds.toFixed(1)} s | ${LIMITS[kind]} s |`,
  );
  return ['| templates | on the clock | of processor time | at most |', '|---|---|---|---|', ...rows].join(
    '\n',
  );
}

/** What took longer than it may, each in a sentence. */
export function infraLosses(figures: readonly InfraFigure[]): string[] {
  return figures
    .filter(({ kind, wallSeconds }) => wallSeconds > LIMITS[kind])
    .map(
      ({ kind, wallSeconds }) =>
        `infra: templates that are ${kind} took ${wallSeconds.toFixed(1)} s; allowed: ${LIMITS[kind]} s`,
    );
}

import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PlannedSubject } from '../report/plan-subject.ts';
import { several } from '../report/words.ts';
import { type CurveOf, curvePlot } from './curve.ts';
import { rampPlot } from './ramp.ts';

/**
 * Draws canaries: of each, users over time at each traffic, and one operating curve with a line for each traffic.
 *
 * @param folder made when it is not there
 * @returns the files
 */
export async function savePlots(folder: string, planned: readonly PlannedSubject[]): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = new Map<string, string>();
  for (const [title, all] of Map.groupBy(planned, ({ subject }) => subject.title)) {
    const file = title.replaceAll(/[^\w.-]+/g, '-');
    const curves = all.flatMap(({ planned: one, report }): CurveOf[] => {
      if (one === undefined || report.assumptions === undefined) return [];
      const rate = report.traffic.requestsPerSecond;
      const at = all.length === 1 ? '' : `-at-${rate}`;
      const word = `${several(rate, 'request')}/s`;
      files.set(`${file}${at}-ramp.svg`, rampPlot(`${title} at ${word}`, one.model, report.assumptions));
      return [{ word, model: one.model, assumptions: report.assumptions }];
    });
    if (curves.length > 0) files.set(`${file}-curve.svg`, curvePlot(title, curves));
  }
  const paths = [...files].map(async ([file, text]) => {
    const path = join(folder, file);
    await writeFile(path, text);
    return path;
  });
  return Promise.all(paths);
}

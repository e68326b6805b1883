import type { ObjectChange } from '../report.ts';
import { visible } from './visible.ts';

/** The kinds in each folder of a cluster that comes or goes as a whole: `apps/conduit: Namespace, 2 × Service`. */
export function overview(objects: readonly ObjectChange[]): string[] {
  const byFolder = Map.groupBy(objects, ({ folder }) => folder);
  return [...byFolder].map(([folder, own]) => {
    const kinds = [...Map.groupBy(own, ({ kind }) => kind)].map(([kind, same]) =>
      visible(same.length === 1 ? kind : `${same.length} × ${kind}`),
    );
    return `${visible(folder)}: ${kinds.join(', ')}`;
  });
}

import { type StatusContext, statusContext } from '../../../config/status-context.ts';

/** What Flux said on a commit of how a Kustomization of a cluster fared with it. */
export interface Status extends StatusContext {
  commit: string;
  state: 'success' | 'failure';
  /** When it was said, in milliseconds since 1970. */
  at: number;
}

/** All that Flux said, at hand by cluster and Kustomization. */
export class Evidence {
  private readonly byContext: ReadonlyMap<string, readonly Status[]>;

  /** @param statuses in any order */
  constructor(statuses: readonly Status[]) {
    const sorted = [...statuses].sort((a, b) => a.at - b.at);
    this.byContext = Map.groupBy(sorted, statusContext);
  }

  /**
   * What was said of a Kustomization, oldest first.
   *
   * @param commits only on these
   * @param now nothing that was said later
   */
  of(place: StatusContext, commits: ReadonlySet<string>, now: number): Status[] {
    const all = this.byContext.get(statusContext(place)) ?? [];
    return all.filter(({ commit, at }) => commits.has(commit) && at <= now);
  }
}

/** What every scenario is given, and gives. */

/** What a scenario stands on. */
export interface Surroundings {
  /** The superuser's address of a PostgreSQL server; started when it is first asked for. */
  readonly postgresUrl: () => Promise<string>;
  /** Told what is going on, for somebody who waits. */
  readonly progress: (text: string) => void;
}

/** What came of a scenario. */
export interface Result {
  /** What was done and measured, in one sentence with its numbers. */
  readonly measured: string;
  /** What was not as it should be, a sentence each; with none the scenario has been passed. */
  readonly problems: readonly string[];
}

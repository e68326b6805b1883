/** One mistake in the config: where it is, what stands there, what may stand there and what was probably meant. */
export interface Mistake {
  /** The file as seen from the repo's root, with line and column where they are known: `apps/images.yaml:4:12`. */
  file: string;
  /** The path of the wrong value in that file, `clusters[1].region`; empty when the file as a whole is wrong. */
  path: string;
  /** What is wrong, in full: `found "eu-west-9"; allowed: …; did you mean "eu-west-1"?`. */
  says: string;
}

/** Everything that is wrong with the config, at once. Its message holds one line for each mistake. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly Mistake[];

  constructor(mistakes: readonly Mistake[]) {
    super(mistakes.map(line).join('\n'));
    this.mistakes = mistakes;
  }
}

function line({ file, path, says }: Mistake): string {
  return path === '' ? `${file}: ${says}` : `${file}: ${path}: ${says}`;
}

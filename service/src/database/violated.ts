/** The constraint that a statement violated, by its name in the migrations; undefined when it failed otherwise. */
export function violated(error: unknown): string | undefined {
  return error instanceof Error && 'constraint' in error && typeof error.constraint === 'string'
    ? error.constraint
    : undefined;
}

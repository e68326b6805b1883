/** One environment variable: what it means, what it may hold, how it is read. */
import type { z } from 'zod';

/** One environment variable: what it means, what it may hold. */
export interface Variable {
  readonly about: string;
  readonly allowed: string;
  /** @default the variable may be left out only when its schema says so */
  readonly fallback?: string;
  /** A secret is never printed, not even when it is wrong. */
  readonly secret?: boolean;
  readonly schema: z.ZodType<unknown, string | undefined>;
}

/** The environment, as in `process.env`; an empty variable counts as left out. */
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads one variable.
 *
 * @param mistakes gets a line when the variable is wrong; what is returned then means nothing
 */
export function readVariable<V extends Variable>(
  name: string,
  variable: V,
  env: Environment,
  mistakes: string[],
): z.infer<V['schema']> {
  const found = env[name] || undefined;
  const result = variable.schema.safeParse(found ?? variable.fallback);
  if (!result.success)
    mistakes.push(`${name}: found ${shown(found, variable)}; allowed is ${variable.allowed}`);
  return result.data as z.infer<V['schema']>;
}

function shown(found: string | undefined, variable: Variable): string {
  if (found === undefined) return 'nothing';
  return variable.secret ? `${found.length} characters (hidden)` : JSON.stringify(found);
}

// Commit statuses from a file, and what of a status is evidence.
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseStatusContext } from '../../../config/status-context.ts';
import { UserError } from '../user-error.ts';
import type { Status } from './evidence.ts';

/** A commit status as a git host has it. */
export interface HostStatus {
  commit: string;
  /** `flux/dev-eu-west-1/conduit`. */
  context: string;
  state: string;
  /** Flux's reason, in words: `reconciliation succeeded`. @default not told, so the state alone counts */
  description?: string | undefined;
  /** When it was given, in ISO 8601. */
  at: string;
}

/** What Flux gives as its reason when everything it applied is ready. */
const SUCCEEDED = 'reconciliation succeeded';

const FAILURES = new Set(['failure', 'failed', 'error']);

/**
 * What statuses of a git host are worth as evidence.
 *
 * Flux has two words only, and calls a success also what is none yet: that it waits for a dependency, or has given up its
 * look because a newer commit came. So a success counts only with its own reason.
 *
 * @see https://github.com/fluxcd/notification-controller/blob/main/internal/notifier/github.go
 */
export function evidenceOf(statuses: readonly HostStatus[]): Status[] {
  return statuses.flatMap(({ commit, context, state, description, at }) => {
    const about = parseStatusContext(context);
    const outcome = outcomeOf(state.toLowerCase(), description);
    return about === undefined || outcome === undefined
      ? []
      : [{ ...about, commit, state: outcome, at: Date.parse(at) }];
  });
}

function outcomeOf(state: string, description = SUCCEEDED): Status['state'] | undefined {
  if (FAILURES.has(state)) return 'failure';
  return state === 'success' && description.toLowerCase() === SUCCEEDED ? 'success' : undefined;
}

const fileSchema = z.array(
  z.object({
    commit: z.string().regex(/^[0-9a-f]{40,64}$/, 'must be the full name of a commit'),
    context: z.string(),
    state: z.string(),
    description: z.string().nullish(),
    at: z.string().refine((text) => !Number.isNaN(Date.parse(text)), 'must be a time in ISO 8601'),
  }),
);

/**
 * Reads commit statuses from a JSON file: a list of {@link HostStatus}.
 *
 * @throws UserError when it can't be read, or holds something else
 */
export async function readEvidenceFile(file: string): Promise<HostStatus[]> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UserError(`--evidence: ${file}: ${error.code === 'ENOENT' ? 'is missing' : error.message}`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new UserError(`--evidence: ${file}: is not JSON: ${(error as Error).message}`);
  }
  const result = fileSchema.safeParse(value);
  if (result.success) {
    return result.data.map((status) => ({ ...status, description: status.description ?? undefined }));
  }
  const [issue] = result.error.issues;
  const path = issue?.path.map((key) => `[${String(key)}]`).join('') ?? '';
  throw new UserError(
    `--evidence: ${file}: ${path}: ${issue?.message}; allowed: a list of {"commit", "context": "flux/<cluster>/<app>", "state": "success" or "failure", "description", "at"}`,
  );
}

import type { z } from 'zod';
import type { Operation, Reply } from '../contract/operation.ts';

/** What goes with a call of an operation. */
export interface Call<O extends Operation> {
  readonly params?: z.input<O['params']>;
  readonly query?: z.input<O['query']>;
  /** Unchecked, as somebody typed it. */
  readonly body?: unknown;
  /** For whom; null or left out is a guest. */
  readonly viewer?: number | null;
  /** The address that the visitor comes from. */
  readonly client?: string | undefined;
}

/** The API as the pages use it, wherever its parts run. */
export interface Api {
  /** @throws {@link RequestError} what the API answers when it can't be done */
  call<O extends Operation>(operation: O, call?: Call<O>): Promise<Reply<O>>;
}

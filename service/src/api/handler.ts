import type { Input, Operation, Reply } from '../contract/operation.ts';
import { notFound } from '../errors.ts';
import { validate } from '../validation.ts';

/** An operation with what answers it. */
export interface Handled<O extends Operation = Operation> {
  readonly operation: O;
  /** @throws {@link RequestError} what the caller is told when it can't be done */
  handle(input: Input<O>): Promise<Reply<O>>;
}

/** Ties a handler to its operation. */
export function handled<const O extends Operation>(operation: O, handle: Handled<O>['handle']): Handled<O> {
  return { operation, handle };
}

/** Parameters, query and body as they came. */
export interface Unchecked {
  readonly params?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
}

/** What came with a call, checked. */
export type Checked = Pick<Input<Operation>, 'params' | 'query' | 'body'>;

/**
 * Checks what came with a call.
 *
 * @throws {@link RequestError} 404 when nothing can have a name that the path holds, 422 with the messages by field
 */
export function checkInput({ body, params, query, subject }: Operation, given: Unchecked): Checked {
  const named = params.safeParse(given.params ?? {});
  if (!named.success) throw notFound(subject ?? 'route');
  return {
    params: named.data,
    query: validate(query, given.query ?? {}),
    body: body && validate(body, given.body),
  };
}

import { createCoalesce } from '../coalesce.ts';
import type { Operation, Reply } from '../contract/operation.ts';
import type { Handled } from './handler.ts';

/** A handler that only reads: equal calls by the same reader share their answer (see {@link createCoalesce}). */
export function shared<O extends Operation>({ operation, handle }: Handled<O>): Handled<O> {
  const coalesce = createCoalesce<Reply<O>>();
  return {
    operation,
    handle: (input) =>
      coalesce(JSON.stringify([input.viewer, input.params, input.query]), () => handle(input)),
  };
}

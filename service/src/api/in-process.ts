import type { Operation, Reply } from '../contract/operation.ts';
import { unauthorized } from '../errors.ts';
import type { Api, Call } from './api.ts';
import { checkInput, type Handled } from './handler.ts';

/** The API of handlers that run in this process. */
export function inProcess(handlers: readonly Handled[]): Api {
  const byOperation = new Map(handlers.map((handler) => [handler.operation, handler]));
  return {
    async call<O extends Operation>(operation: O, call: Call<O> = {}): Promise<Reply<O>> {
      const handler = byOperation.get(operation);
      if (handler === undefined) throw new Error(`nothing in this process answers ${operation.id}`);
      const { viewer = null, client } = call;
      if (operation.caller === 'user' && viewer === null) throw unauthorized('token', 'is missing');
      const checked = checkInput(operation, call);
      return (await handler.handle({ ...checked, viewer, client } as never)) as Reply<O>;
    },
  };
}

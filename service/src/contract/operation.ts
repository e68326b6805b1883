/** What one endpoint of the API takes and gives. All that speaks of the API is made of these records. */
import type { z } from 'zod';

/** The part of the service that answers; each can run as a process of its own. */
export type Part = 'auth' | 'content' | 'recommendations';

/**
 * Who may call: `guest` needs no token and reads none, `anyone` may carry one (and sees more then), `user` must.
 */
export type Caller = 'guest' | 'anyone' | 'user';

/** One endpoint. */
export interface Operation<
  C extends Caller = Caller,
  Params extends z.ZodObject = z.ZodObject,
  Query extends z.ZodObject = z.ZodObject,
  Body extends z.ZodType | undefined = z.ZodType | undefined,
  Reply extends z.ZodType | undefined = z.ZodType | undefined,
> {
  /** The name, unique in the API, as in `GetArticle`. */
  readonly id: string;
  readonly part: Part;
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Below `/api`, with `:name` for each parameter: `/articles/:slug`. */
  readonly path: string;
  readonly summary: string;
  readonly caller: C;
  /** What the path names: a name that nothing can have is answered by 404 of this. */
  readonly subject?: 'article' | 'comment' | 'profile';
  readonly params: Params;
  readonly query: Query;
  readonly body: Body;
  /** The status when all went well. */
  readonly status: 200 | 201 | 204;
  /** What is in the reply; nothing for 204. */
  readonly reply: Reply;
  /** The other statuses, each with the body of {@link failure}. */
  readonly errors: readonly (400 | 401 | 403 | 404 | 409 | 413 | 415 | 422 | 429)[];
}

/** What a handler is given: checked, and with who is calling. */
export interface Input<O extends Operation> {
  readonly params: z.output<O['params']>;
  readonly query: z.output<O['query']>;
  readonly body: OutputOf<O['body']>;
  /** The caller's id; null is a guest. */
  readonly viewer: ViewerOf<O['caller']>;
  /** The address that the request comes from, for limits; undefined when it comes from within. */
  readonly client: string | undefined;
}

/** What a handler gives. */
export type Reply<O extends Operation> = OutputOf<O['reply']>;

type OutputOf<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;
type ViewerOf<C extends Caller> = C extends 'user' ? number : C extends 'anyone' ? number | null : null;

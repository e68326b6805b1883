import type { Api } from '../api/api.ts';
import type { Logger } from '../log.ts';
import type { Sessions } from './session.ts';
import type { Show } from './show.ts';

/** What the routes of every page stand on. */
export interface Web {
  readonly api: Api;
  readonly sessions: Sessions;
  readonly show: Show;
  readonly log: Logger;
}

import type { Request, RequestHandler, Response } from 'express';
import { formBody } from '../body.ts';
import { typed } from './forms.ts';
import { cameFrom } from './return-path.ts';

/**
 * A button that changes something and leads back to where it was pressed.
 *
 * @param work gives the path to go to when nobody says where that was
 */
export function backTo<Params extends Record<string, string>>(
  work: (request: Request<Params>, response: Response) => Promise<string>,
): RequestHandler<Params>[] {
  return [
    formBody as RequestHandler<Params>,
    async (request, response) => {
      const path = await work(request, response);
      response.redirect(303, (cameFrom(request as Request) ?? path) + placeOf(request.body));
    },
  ];
}

/** Where on the page the button stands, so that nobody is thrown to its top. */
function placeOf(body: unknown): string {
  const { at = '' } = typed(body);
  return at === '' ? '' : `#${encodeURIComponent(at)}`;
}

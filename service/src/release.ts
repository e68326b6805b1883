import type { RequestHandler } from 'express';
import type { Config } from './config.ts';

/** Says in every answer which release made it, so that what a canary does can be told from what it replaces. */
export function releaseHeaders({ version, colour }: Pick<Config, 'colour' | 'version'>): RequestHandler {
  return (_request, response, next) => {
    response.setHeader('X-Version', version);
    response.setHeader('X-Colour', colour);
    next();
  };
}

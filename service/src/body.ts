import express from 'express';

/** The largest body of a request. */
export const BODY_LIMIT = '256kb';

/** Parses a JSON body; goes behind authentication, so that a stranger's body isn't read. */
export const jsonBody = express.json({ limit: BODY_LIMIT });

/** Parses the body of a form. */
export const formBody = express.urlencoded({ limit: BODY_LIMIT, extended: false });

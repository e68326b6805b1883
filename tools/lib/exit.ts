/** What every command ends with: all is well, it found something, it could not run. */
export const EXIT = { ok: 0, found: 1, unable: 2 } as const;

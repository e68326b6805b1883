import { expect, test } from '@jest/globals';
import { ROOT } from '../repo.ts';
import { resolveBase } from './git.ts';

// The console takes one from whoever opens its page.
test.each(['no-such-branch', '', '--help', '--output=/tmp/x', 'HEAD\0', '$(true)'])(
  '%j is no commit, and nothing else to git either',
  async (ref) => {
    await expect(resolveBase(ROOT, ref)).rejects.toThrow(`--base: found no commit ${JSON.stringify(ref)};`);
  },
);

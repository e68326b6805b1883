import { describe, it } from '@jest/globals';
import { findChromium } from '../lib/chromium.ts';
import { NO_CHROMIUM } from './browser.ts';

/**
 * A `describe` for tests that need a browser. Without one they are skipped, and say why, on a developer's machine;
 * in CI they fail, since there nobody would notice.
 */
export function describeInBrowser(name: string, tests: () => void): void {
  if (findChromium() !== undefined) describe(name, tests);
  else if (process.env.CI) {
    describe(name, () => {
      it('has a browser', () => {
        throw new Error(NO_CHROMIUM);
      });
    });
  } else describe.skip(`${name} (${NO_CHROMIUM})`, tests);
}

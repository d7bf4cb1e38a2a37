import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** What Chromium loads beside the address bar of every window: nobody sees it, and it takes a second of a processor. */
const omnibox = ['WebUIOmniboxPopup', 'WebUIOmniboxAimPopup'];

/**
 * The switch that leaves those out. A later one replaces Playwright's own, so what that names comes along, read where
 * Playwright has it; undefined where it has it no longer.
 */
export function disabledFeatures(): string | undefined {
  const home = dirname(createRequire(import.meta.url).resolve('playwright-core/package.json'));
  const [, list = ''] =
    /\bdisabledFeatures = \[([^\]]*)\]/.exec(readFileSync(join(home, 'lib', 'coreBundle.js'), 'utf8')) ?? [];
  const theirs = [...list.matchAll(/^\s*"(\w+)"/gm)].map(([, name]) => name);
  return theirs.length > 0 ? `--disable-features=${[...theirs, ...omnibox].join(',')}` : undefined;
}

import { existsSync } from 'node:fs';
import { defineConfig, devices } from '@playwright/test';
import { disabledFeatures } from './e2e/disabled-features.ts';

/** The Chromium of the set-up (`store/cli/setup.mjs`); without one, Playwright's own. */
const chromium = [process.env.EXANALYTICS_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser'].find(
  (place) => place !== undefined && existsSync(place),
);

const disabled = disabledFeatures();

const long = /\/(tasks|models|models-arrays|faults|main-story|embed|pwa|url)\.spec\.ts$/;

export default defineConfig({
  testDir: 'e2e',
  globalSetup: './e2e/made-demo.ts',
  testMatch: '*.spec.ts',
  outputDir: 'test-results',
  workers: 2,
  fullyParallel: false,
  forbidOnly: process.env.CI !== undefined,
  // Two more tries where nobody watches: faults and kills depend on chance; a flaky test is listed as such.
  retries: process.env.CI ? 2 : 0,
  timeout: 120_000,
  expect: { timeout: 40_000 },
  reporter: 'list',
  use: {
    ...devices['Desktop Chrome'],
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'Europe/Paris',
    // A trace of every test costs half its time.
    trace: 'on-first-retry',
    screenshot: 'only-on-failure',
    launchOptions: {
      executablePath: chromium,
      args: [
        '--no-sandbox',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
        '--no-first-run',
        ...(disabled ? [disabled] : []),
      ],
    },
  },
  // The longest first: begun last, they would leave a processor idle at the end.
  projects: [
    { name: 'long', testMatch: long },
    { name: 'short', testIgnore: long },
  ],
});

import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from '@playwright/test';
import { type StoreProcess, startStore } from '../e2e/store-process.ts';
import { type FileServer, serveFiles } from './static-server.ts';

const chromiumPlace = [process.env.EXANALYTICS_CHROMIUM, '/usr/bin/chromium'].find(
  (place) => place !== undefined && existsSync(place),
);

/** A Chromium with a profile that outlives it. */
export interface Profile {
  readonly directory: string;
  /** Starts it; `page` shows the benchmark page with `globalThis.bench`. */
  open(path?: string): Promise<{ context: BrowserContext; page: Page; close(): Promise<void> }>;
  remove(): Promise<void>;
}

/** A real store process, the benchmark's page on another origin, and browsers. */
export interface Stage {
  readonly store: StoreProcess;
  /** The benchmark's pages, on another origin than the store. */
  readonly files: FileServer;
  profile(): Promise<Profile>;
  close(): Promise<void>;
}

/** `pages`: the directory of the built benchmark page. */
export async function openStage(pages: string): Promise<Stage> {
  const files = await serveFiles(pages);
  const store = await startStore({ args: ['--allow-origin', files.origin] });
  return {
    store,
    files,
    async profile() {
      const directory = await mkdtemp(join(tmpdir(), 'exanalytics-bench-'));
      return {
        directory,
        async open(path = '/') {
          const context = await chromium.launchPersistentContext(directory, {
            executablePath: chromiumPlace,
            viewport: { width: 1440, height: 900 },
            args: [
              '--no-sandbox',
              '--disable-background-networking',
              '--disable-component-update',
              '--disable-sync',
              '--no-first-run',
            ],
          });
          context.setDefaultTimeout(600_000);
          const page = context.pages()[0] ?? (await context.newPage());
          page.on('pageerror', (error) => console.error(`  page: ${error.message}`));
          if (path !== 'about:blank') await page.goto(new URL(path, files.origin).href);
          if (path === '/') await page.waitForFunction('globalThis.bench !== undefined');
          return { context, page, close: () => context.close() };
        },
        remove: () => rm(directory, { recursive: true, force: true, maxRetries: 5 }),
      };
    },
    async close() {
      await store.remove();
      files.close();
    },
  };
}

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from '@playwright/test';
import config from '../playwright.config.ts';

/** A Chromium in a process and profile of its own, that may be killed and started again. */
export interface BrowserProcess {
  page(): Promise<Page>;
  /** SIGKILL, and waits for its end. */
  kill(): Promise<void>;
  /** Starts it again with the same profile. */
  start(): Promise<void>;
  /** Ends it and deletes its profile. */
  remove(): Promise<void>;
}

/** Starts one; resolves when it can be driven. */
export async function startBrowser(): Promise<BrowserProcess> {
  const profile = await mkdtemp(join(tmpdir(), 'exanalytics-browser-'));
  const { launchOptions } = config.use ?? {};
  let child: ChildProcess | undefined;
  let browser: Browser | undefined;

  async function start(): Promise<void> {
    const started = spawn(
      launchOptions?.executablePath ?? chromium.executablePath(),
      [
        ...(launchOptions?.args ?? []),
        '--headless=new',
        '--remote-debugging-port=0',
        '--lang=en-GB',
        `--user-data-dir=${profile}`,
        'about:blank',
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    child = started;
    const address = await new Promise<string>((resolve, reject) => {
      let said = '';
      started.stderr.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        const found = /DevTools listening on (ws:\S+)/.exec(said)?.[1];
        if (found) resolve(found);
      });
      started.once('exit', () => reject(new Error(`The browser ended:\n${said}`)));
    });
    browser = await chromium.connectOverCDP(address);
  }

  async function kill(): Promise<void> {
    const ending = child;
    child = undefined;
    if (!ending || ending.exitCode !== null || ending.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => ending.once('exit', () => resolve()));
    ending.kill('SIGKILL');
    await ended;
    await browser?.close().catch(() => {});
  }

  await start();
  return {
    async page() {
      const context = browser?.contexts()[0];
      if (!context) throw new Error('The browser is not running.');
      return context.pages()[0] ?? (await context.newPage());
    },
    kill,
    start,
    async remove() {
      await kill();
      await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

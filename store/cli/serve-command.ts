import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import { loadDemoArrays } from '../demo/demo-arrays.ts';
import { liveInvoices } from '../demo/live-invoices.ts';
import { loadDemo } from '../demo/load-demo.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { readServeOptions, type ServeOptions } from './serve-options.ts';

/**
 * `exanalytics serve`: opens the store, makes the demo when it is empty, listens until SIGINT or SIGTERM, then puts
 * everything on disk. Resolves to the exit code.
 */
export async function serveCommand(args: readonly string[], { root }: { root: string }): Promise<number> {
  const options = readServeOptions(args, { root });
  const stop = stopSignal();
  const store = await openStore({
    data: options.data,
    webRoot: join(root, 'dist', 'web'),
    allowOrigin: options.allowOrigin,
    access: options.access,
    proxy: options.proxy,
    url: options.url,
    log: options.log,
    release: releaseOf(root),
    warn: (sentence) => console.error(sentence),
  });
  try {
    const address = await listen(store, options);
    const demo = makeDemo(store, options, stop.signal);
    if (options.demo !== 'large') await demo;
    if (!stop.signal.aborted) {
      console.log(`Exanalytics Workbench: ${address}`);
      console.log(
        options.access
          ? 'Who may see what is in its access file. Ctrl+C stops it.'
          : 'It has no accounts, so it listens on this machine only. Ctrl+C stops it.',
      );
    }
    await Promise.all([demo, stop.asked]);
  } finally {
    await store.close();
    stop.done();
  }
  return 0;
}

async function listen({ app }: OpenStore, { port, host }: ServeOptions): Promise<string> {
  try {
    await app.listen({ port, host });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EADDRINUSE')
      throw new ExaError(
        'conflict',
        `Port ${port} is in use: stop what listens there, or choose another with --port N (0 takes any free one).`,
        { cause: error },
      );
    if (code === 'EACCES')
      throw new ExaError('refused', `Port ${port} is not open to you: choose one above 1023 with --port N.`, {
        cause: error,
      });
    throw error;
  }
  const bound = app.server.address();
  return `http://${host.includes(':') && !host.startsWith('[') ? `[${host}]` : host}:${bound !== null && typeof bound === 'object' ? bound.port : port}`;
}

/** Makes the demo in a store without data sets; of the large one, invoices keep arriving until the store stops. */
async function makeDemo(
  { driver, arrays }: OpenStore,
  { demo }: ServeOptions,
  signal: AbortSignal,
): Promise<void> {
  if (demo === 'none') return;
  try {
    if (driver.datasets().length === 0) {
      console.log(`Making the ${demo} demo …`);
      await loadDemo(driver, demo, { log: (line) => console.log(line), signal });
      await loadDemoArrays(arrays, { log: (line) => console.log(line), signal });
    }
    if (demo === 'large') await liveInvoices(driver, 'large', { signal, log: (line) => console.log(line) });
  } catch (error) {
    if (signal.aborted || isExaError(error, 'cancelled')) return;
    if (!isExaError(error, 'missing')) throw error;
    console.error(`No invoices arrive: ${error.message}`);
  }
}

/** The first SIGINT or SIGTERM asks to stop; a second one ends at once. */
function stopSignal(): { readonly signal: AbortSignal; readonly asked: Promise<void>; done(): void } {
  const aborter = new AbortController();
  const onSignal = () => {
    if (aborter.signal.aborted) process.exit(1);
    aborter.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  const asked = new Promise<void>((resolve) =>
    aborter.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  return {
    signal: aborter.signal,
    asked,
    done() {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}

function releaseOf(root: string): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  return version;
}

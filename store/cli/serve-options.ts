import { join, resolve } from 'node:path';
import { isLoopback } from '../http/guard.ts';
import { readOptions } from './options.ts';
import { UsageError } from './print.ts';

const demoSizes = ['none', 'small', 'large'] as const;
export type DemoChoice = (typeof demoSizes)[number];

export interface ServeOptions {
  /** `0`: any free port. */
  readonly port: number;
  readonly host: string;
  readonly data: string;
  readonly demo: DemoChoice;
  readonly allowOrigin: readonly string[];
  readonly log: string | undefined;
}

/** The options of `exanalytics serve`. Throws {@link UsageError} with one sentence. */
export function readServeOptions(args: readonly string[], { root }: { root: string }): ServeOptions {
  const options = readOptions(args, {
    port: { type: 'string' },
    host: { type: 'string' },
    data: { type: 'string' },
    demo: { type: 'string' },
    'allow-origin': { type: 'string', multiple: true },
    log: { type: 'string' },
  });
  if (options.rest.length > 0)
    throw new UsageError(
      `“${options.rest[0]}” is not an option: serve takes --port, --data, --demo, --host, --log and --allow-origin.`,
    );
  return {
    port: readPort(options.text('port') ?? '8090'),
    host: readHost(options.text('host') ?? '127.0.0.1'),
    data: resolve(options.text('data') ?? join(root, 'data')),
    demo: readDemo(options.text('demo') ?? 'small'),
    allowOrigin: options.texts('allow-origin').map(readOrigin),
    log: options.text('log'),
  };
}

function readPort(text: string): number {
  const port = Number(text);
  if (/^\d{1,5}$/.test(text) && port <= 65_535) return port;
  throw new UsageError(`--port must be a number from 0 (any free port) to 65535; “${text}” is none.`);
}

function readHost(text: string): string {
  if (isLoopback(text)) return text;
  throw new UsageError(
    `--host ${text} would open the store to the network, but it has no accounts yet: it listens on this machine only (127.0.0.1, ::1 or localhost).`,
  );
}

function readDemo(text: string): DemoChoice {
  const size = demoSizes.find((known) => known === text);
  if (size) return size;
  throw new UsageError(`--demo must be none, small or large, not “${text}”.`);
}

function readOrigin(text: string): string {
  try {
    const { origin, protocol } = new URL(text);
    if (protocol === 'http:' || protocol === 'https:') return origin;
  } catch {
    // Said below.
  }
  throw new UsageError(`--allow-origin must be a site such as https://portal.example, not “${text}”.`);
}

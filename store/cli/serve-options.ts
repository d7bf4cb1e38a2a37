import { isIP } from 'node:net';
import { join, resolve } from 'node:path';
import { type Access, readAccessFile } from '../access/access-file.ts';
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
  readonly access: Access | undefined;
  readonly proxy: { readonly header: string; readonly addresses: readonly string[] } | undefined;
  /** Address browsers reach the store at. */
  readonly url: string | undefined;
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
    access: { type: 'string' },
    'user-header': { type: 'string' },
    proxy: { type: 'string', multiple: true },
    url: { type: 'string' },
  });
  if (options.rest.length > 0)
    throw new UsageError(
      `“${options.rest[0]}” is not an option: serve takes --port, --data, --demo, --host, --log, --allow-origin, --access, --user-header, --proxy and --url.`,
    );
  const file = options.text('access');
  const access = file === undefined ? undefined : readAccessFile(file);
  return {
    access,
    proxy: readProxy(options.text('user-header'), options.texts('proxy'), access !== undefined),
    url: readUrl(options.text('url')),
    port: readPort(options.text('port') ?? '8090'),
    host: readHost(options.text('host') ?? '127.0.0.1', access !== undefined),
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

function readHost(text: string, hasAccounts: boolean): string {
  if (isLoopback(text) || hasAccounts) return text;
  throw new UsageError(
    `--host ${text} would open the store to the network, but it has no accounts: say who may see what with --access FILE, or let it listen on this machine only (127.0.0.1, ::1 or localhost).`,
  );
}

/** A header that says who asks counts only from named addresses, and only where an access file says what they may. */
function readProxy(
  header: string | undefined,
  addresses: readonly string[],
  hasAccounts: boolean,
): ServeOptions['proxy'] {
  if (header === undefined && addresses.length === 0) return undefined;
  if (header === undefined)
    throw new UsageError('--proxy needs --user-header: the header in which it says who asks.');
  if (!/^[\w-]+$/.test(header))
    throw new UsageError(`--user-header must be the name of a header, not “${header}”.`);
  if (addresses.length === 0)
    throw new UsageError('--user-header needs --proxy ADDRESS: anybody else could send that header, too.');
  for (const address of addresses)
    if (isIP(address) === 0)
      throw new UsageError(`--proxy must be an IP address such as 127.0.0.1, not “${address}”.`);
  if (!hasAccounts)
    throw new UsageError('--user-header needs --access FILE, which says what those users may see.');
  return { header, addresses };
}

function readUrl(text: string | undefined): string | undefined {
  return text === undefined ? undefined : readSite('--url', text);
}

function readDemo(text: string): DemoChoice {
  const size = demoSizes.find((known) => known === text);
  if (size) return size;
  throw new UsageError(`--demo must be none, small or large, not “${text}”.`);
}

function readOrigin(text: string): string {
  return readSite('--allow-origin', text);
}

function readSite(option: string, text: string): string {
  try {
    if (option === '--allow-origin' && text === 'null') return text;
    const { origin, protocol } = new URL(text);
    if (protocol === 'http:' || protocol === 'https:') return origin;
  } catch {
    // Said below.
  }
  throw new UsageError(`${option} must be a site such as https://portal.example, not “${text}”.`);
}

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadChecksum } from '../src/arrow/checksum.ts';
import { checksumInSlab } from '../src/kernels/wasm/slab.ts';
import type { Access } from './access/access-file.ts';
import { accessCallers, type CallerOptions } from './access/callers.ts';
import { openSignIn } from './access/oidc.ts';
import type { Revocations } from './access/revocations.ts';
import { sealWith } from './access/session-cookie.ts';
import { type DerivedFiles, derivedFiles } from './derived.ts';
import type { ChunkDriver } from './drivers/chunk-driver.ts';
import { fsChunkDriver } from './drivers/chunks/fs-chunk-driver.ts';
import { duckdbDriver } from './drivers/duckdb/duckdb-driver.ts';
import type { TableDriver } from './drivers/table-driver.ts';
import { buildApp } from './http/app.ts';
import type { Callers } from './http/caller.ts';
import type { Accounts } from './http/session-routes.ts';
import { pageStore } from './pages.ts';
import { partialStore } from './partials.ts';
import { fileLog, type RequestLog } from './request-log.ts';
import { versionRing } from './version-ring.ts';

export interface OpenStoreOptions {
  /** Folder of the database and of what is derived from it; made when missing. */
  readonly data: string;
  readonly webRoot?: string;
  readonly allowOrigin?: readonly string[];
  /** Who asks, said by a test. */
  readonly callers?: Callers;
  /** Who may see what; left out, there are no accounts. */
  readonly access?: Access;
  /** A header in which these addresses say who asks. */
  readonly proxy?: CallerOptions['proxy'];
  /** Address browsers reach the store at. */
  readonly url?: string;
  /** File that gets a JSON line a request. */
  readonly log?: string;
  readonly release: string;
  warn(sentence: string): void;
  /** Milliseconds since 1970; default `Date.now`. */
  readonly clock?: () => number;
}

/** A store with its parts, not yet listening. */
export interface OpenStore {
  readonly app: FastifyInstance;
  readonly driver: TableDriver;
  readonly arrays: ChunkDriver;
  /** Stops answering, finishes what is being written, and puts everything on disk. */
  close(): Promise<void>;
}

/**
 * Composes a store: driver, pages, partials, events and HTTP over one data folder. Throws `refused` when another
 * process has it open, `quota` or `broken` when it cannot be read or written.
 */
export async function openStore(options: OpenStoreOptions): Promise<OpenStore> {
  const { data, webRoot, allowOrigin, callers, release, warn, clock = Date.now } = options;
  await mkdir(data, { recursive: true });
  const driver = await duckdbDriver({ file: join(data, 'exanalytics.duckdb'), clock });
  let files: DerivedFiles | undefined;
  let arrays: ChunkDriver | undefined;
  let log: RequestLog | undefined;
  let ring: ReturnType<typeof versionRing> | undefined;
  const close = async () => {
    ring?.close();
    await files?.settled();
    // Writes that wait still need the arrays' files.
    await driver.close();
    await arrays?.close();
    await log?.close();
  };
  try {
    const anywhere = await loadChecksum();
    const checksum = (bytes: Uint8Array) => checksumInSlab(bytes) ?? anywhere(bytes);
    files = await derivedFiles({ directory: join(data, 'derived'), checksum, warn });
    const chunks = await fsChunkDriver({
      directory: join(data, 'arrays'),
      catalogue: driver.catalogue,
      checksum,
      files,
      warn,
    });
    arrays = chunks;
    log = options.log === undefined ? undefined : fileLog(options.log, warn);
    ring = versionRing(await startOf(driver, clock), (listener) => driver.onVersion(listener));
    const app = await buildApp({
      driver,
      kept: driver.kept,
      arrays: { arrays: chunks, checksum },
      pageBytes: pageStore({ checksum, files }).pageBytes,
      partials: partialStore({ files }),
      ring,
      log,
      release,
      warn,
      webRoot,
      allowOrigin,
      callers,
      ...(options.access && accountsOf(options.access, options, driver.revocations)),
    });
    return {
      app,
      driver,
      arrays: chunks,
      async close() {
        await app.close();
        await close();
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Accounts of an access file; the key that seals sessions is kept beside the data. */
function accountsOf(
  access: Access,
  { data, url, proxy }: OpenStoreOptions,
  revocations: Revocations,
): { readonly callers: Callers; readonly accounts: Accounts } {
  const seal = sealWith(join(data, 'session.key'));
  const audience = access.audience ?? url ?? 'exanalytics';
  return {
    callers: accessCallers({ access, audience, revocations, seal, proxy }),
    accounts: {
      seal,
      revocations,
      ...(access.signIn && { signIn: openSignIn(access.signIn) }),
      hours: access.signIn?.hours ?? 10,
      url,
    },
  };
}

/** Where the clock stands when the store opens. */
async function startOf(driver: TableDriver, clock: () => number): Promise<{ version: number; asOf: string }> {
  const version = await driver.snapshot(async (snapshot) => snapshot.version);
  const last = driver
    .datasets()
    .map((one) => one.asOf)
    .sort()
    .at(-1);
  return { version, asOf: last ?? new Date(clock()).toISOString() };
}

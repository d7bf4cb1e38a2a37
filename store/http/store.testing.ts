import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { loadChecksum } from '../../src/arrow/checksum.ts';
import { encodePage } from '../../src/arrow/page.ts';
import type { ColumnType } from '../../src/protocol/column.ts';
import type { Profile } from '../../src/protocol/profile.ts';
import type { PageBytes } from '../batch.ts';
import { duckdbDriver } from '../drivers/duckdb/duckdb-driver.ts';
import type { TableDriver } from '../drivers/table-driver.ts';
import { type PartialStore, partialStore } from '../partials.ts';
import type { RequestLog, RequestNote } from '../request-log.ts';
import { versionRing } from '../version-ring.ts';
import { type AppOptions, buildApp } from './app.ts';

/** A store over a database of its own, for tests. */
export interface TestStore {
  readonly app: FastifyInstance;
  readonly driver: TableDriver;
  readonly partials: PartialStore;
  readonly notes: RequestNote[];
  readonly warnings: string[];
  /** Builds a page without keeping it; counts. */
  readonly built: { pages: number };
  close(): Promise<void>;
}

export async function testStore(options: Partial<AppOptions> = {}): Promise<TestStore> {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-http-'));
  const driver = await duckdbDriver({ file: join(directory, 'test.duckdb'), threads: 1 });
  const checksum = await loadChecksum();
  const built = { pages: 0 };
  const pageBytes: PageBytes = async (snapshot, { dataset, column, block }) => {
    built.pages++;
    const bytes = encodePage(await snapshot.readBlock(dataset, column, block));
    return { bytes, checksum: checksum(bytes) };
  };
  const partials = partialStore();
  const notes: RequestNote[] = [];
  const warnings: string[] = [];
  const log: RequestLog = { write: (note) => notes.push(note), close: async () => {} };
  const ring = versionRing({ version: 0, asOf: '2026-01-01T00:00:00.000Z' }, (listener) =>
    driver.onVersion(listener),
  );
  const app = await buildApp({
    driver,
    kept: driver.kept,
    pageBytes,
    partials,
    ring,
    log,
    release: '0.0.0-test',
    warn: (sentence) => warnings.push(sentence),
    ...options,
  });
  return {
    app,
    driver,
    partials,
    notes,
    warnings,
    built,
    async close() {
      await app.close();
      ring.close();
      await driver.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

export const salesColumns: readonly { readonly name: string; readonly type: ColumnType }[] = [
  { name: 'id', type: { kind: 'int64' } },
  { name: 'country', type: { kind: 'text' } },
  { name: 'amount', type: { kind: 'decimal', precision: 12, scale: 2 } },
  { name: 'units', type: { kind: 'int32' } },
  { name: 'day', type: { kind: 'date' } },
];

export const salesProfile: Profile = {
  part: 'orders',
  label: 'Sales',
  grain: 'order',
  keys: ['id'],
  roles: { id: 'id', amount: 'amount', country: 'country', date: 'day' },
  labels: {},
  links: [],
  calculated: [],
  measures: [{ id: 'revenue', label: 'Revenue', formula: 'sum(amount)', format: 'money' }],
  zone: 'UTC',
  currency: 'EUR',
  dimensions: ['country'],
};

/** Row `i` of the sales table, as JSON. */
export function sale(i: number): Record<string, string | number> {
  return {
    id: i,
    country: ['France', 'Spain', 'Italy'][i % 3]!,
    amount: `${i % 1000}.25`,
    units: i % 7,
    day: '2026-03-14',
  };
}

/** Makes the data set `sales` with rows `[0, rows)` through the import routes; its id is returned. */
export async function importSales(app: FastifyInstance, rows: number): Promise<string> {
  const { columnFromLiterals } = await import('../../src/arrow/build-column.ts');
  const { encodeColumns } = await import('../../src/arrow/columns-stream.ts');
  const begun = await app.inject({
    method: 'POST',
    url: '/api/imports',
    payload: { name: 'sales', mode: 'create', columns: salesColumns, profile: salesProfile },
  });
  const { id } = begun.json<{ id: string }>();
  for (let n = 0, at = 0; at < rows; n++) {
    const count = Math.min(50_000, rows - at);
    const from = at;
    const columns = Object.fromEntries(
      salesColumns.map(({ name, type }) => [
        name,
        columnFromLiterals(
          type,
          Array.from({ length: count }, (_, i) => sale(from + i)[name]!),
        ),
      ]),
    );
    const sent = await app.inject({
      method: 'POST',
      url: `/api/imports/${id}/batches/${n}`,
      headers: { 'content-type': 'application/vnd.apache.arrow.stream' },
      payload: Buffer.from(encodeColumns(columns)),
    });
    if (sent.statusCode !== 200) throw new Error(sent.body);
    at += count;
  }
  const committed = await app.inject({ method: 'POST', url: `/api/imports/${id}/commit` });
  if (committed.statusCode !== 200) throw new Error(committed.body);
  return committed.json<{ dataset: string }>().dataset;
}

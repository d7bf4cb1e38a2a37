import { columnFromLiterals } from '../arrow/build-column.ts';
import { loadChecksum } from '../arrow/checksum.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { encodePage } from '../arrow/page.ts';
import { encodePatch } from '../arrow/patch.ts';
import { type Partial as KernelPartial, kernelOf } from '../kernels/kernel.ts';
import type { BatchItem, BatchPart } from '../protocol/batch.ts';
import type { VersionEvent } from '../protocol/change.ts';
import { blockRows, type ColumnType, type Literal } from '../protocol/column.ts';
import { cancelled, ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import { liveColumn } from '../protocol/page.ts';
import { plainProfile } from '../protocol/plain-profile.ts';
import type { Profile } from '../protocol/profile.ts';
import type { ChangeListener, StoreClient } from '../storage/store-client.ts';
import { mergeNode } from './compute.ts';

/** What was asked of a fake store. */
export interface Counts {
  requests: number;
  heads: number;
  pages: number;
  patches: number;
  partials: number;
  bytes: number;
  aborted: number;
}

interface Cell {
  value: Literal;
  rev: number;
}

/** A table in memory behind the StoreClient interface, that counts what is asked and can be told to fail. */
export interface FakeStore extends StoreClient {
  readonly counts: Counts;
  reset(): void;
  /** Commits a version: new values by row and column; announces it. */
  update(changes: readonly { row: number; column: string; value: Literal }[]): void;
  append(rows: readonly Record<string, Literal>[]): void;
  remove(rows: readonly number[]): void;
  /** Every request fails while set. */
  down: ExaError | undefined;
  /** Never answers batches while set. */
  silent: boolean;
  /** Batches to fail as corrupt. */
  corrupt: number;
  /** Called before each batch is read. */
  beforeBatch: (() => void) | undefined;
  readonly version: number;
  value(row: number, column: string): Literal;
  readonly rows: number;
}

export interface FakeTable {
  readonly columns: readonly { id: string; type: ColumnType; at: (row: number) => Literal }[];
  readonly rows: number;
  readonly profile?: Partial<Profile>;
}

/** `rowsPerBlock` rows are put in each block's start by leaving blocks whole: sizes are real. */
export async function fakeStore(table: FakeTable, id = 't'): Promise<FakeStore> {
  const checksum = await loadChecksum();
  const columns = new Map(
    table.columns.map(({ id, at }) => [
      id,
      Array.from({ length: table.rows }, (_, row): Cell => ({ value: at(row), rev: 1 })),
    ]),
  );
  const alive: boolean[] = Array.from({ length: table.rows }, () => true);
  const revs: number[] = Array.from({ length: table.rows }, () => 1);
  const types = new Map(table.columns.map(({ id, type }) => [id, type]));
  const listeners = new Set<ChangeListener>();
  let version = 1;
  const asOf = () => new Date(Date.UTC(2026, 0, 1) + version * 1000).toISOString();
  const counts: Counts = { requests: 0, heads: 0, pages: 0, patches: 0, partials: 0, bytes: 0, aborted: 0 };
  const blockCount = () => Math.ceil(alive.length / blockRows);
  const rowsOf = (block: number) =>
    Array.from(
      { length: Math.min(blockRows, alive.length - block * blockRows) },
      (_, i) => block * blockRows + i,
    );
  const revisionOf = (block: number) => rowsOf(block).reduce((most, row) => Math.max(most, revs[row]!), 0);
  const liveOf = (block: number) => rowsOf(block).reduce((sum, row) => sum + (alive[row] ? 1 : 0), 0);
  const pageCache = new Map<string, ColumnData>();
  const column = (block: number, name: string): ColumnData => {
    const key = `${block}/${name}@${revisionOf(block)}`;
    const known = pageCache.get(key);
    if (known) return known;
    const rows = rowsOf(block);
    const made =
      name === liveColumn
        ? columnFromLiterals(
            { kind: 'bool' },
            rows.map((row) => alive[row]!),
          )
        : columnFromLiterals(
            types.get(name)!,
            rows.map((row) => columns.get(name)![row]!.value),
          );
    pageCache.set(key, made);
    return made;
  };
  const headNow = (): Head => ({
    id,
    name: 'Table',
    epoch: 'e1',
    scope: 'public',
    version,
    asOf: asOf(),
    allocated: alive.length,
    columns: table.columns.map(({ id, type }) => ({ id, name: id, type })),
    profile: plainProfile('T', table.profile),
    revisions: Array.from({ length: blockCount() }, (_, block) => revisionOf(block)),
    live: Array.from({ length: blockCount() }, (_, block) => liveOf(block)),
    zones: { UTC: { from: [-8.64e15], offsetMs: [0] } },
  });
  const summary = () => {
    const { id, name, epoch, version, asOf, profile } = headNow();
    return { id, name, epoch, version, asOf, rows: alive.length, bytes: 0, profile };
  };
  const announce = (rows: readonly number[]) => {
    const blocks = [...new Set(rows.map((row) => Math.floor(row / blockRows)))];
    const event: VersionEvent = {
      version,
      previous: version - 1,
      asOf: asOf(),
      datasets: [
        {
          id,
          epoch: 'e1',
          headChanged: false,
          allocated: alive.length,
          blocks: blocks.map((block) => ({ block, live: liveOf(block) })),
        },
      ],
    };
    for (const listener of [...listeners]) if (!store.down) listener.event(event);
  };

  const parts = function* (item: BatchItem, index: number): Generator<BatchPart> {
    const part = (rest: Pick<BatchPart, 'kind' | 'block' | 'level' | 'revision' | 'body'>): BatchPart => {
      counts.bytes += rest.body.byteLength;
      return { item: index, version, checksum: checksum(rest.body), ...rest };
    };
    if (item.kind === 'pages') {
      for (const block of item.blocks) {
        counts.pages++;
        const body = encodePage(column(block, item.column));
        yield part({ kind: 'page', block, level: 0, revision: revisionOf(block), body });
      }
    } else if (item.kind === 'patch') {
      counts.patches++;
      const rows = item.blocks.flatMap(({ block, since }) =>
        rowsOf(block).filter((row) => revs[row]! > since),
      );
      const body = encodePatch({
        rows: Float64Array.from(rows),
        live: Uint8Array.from(rows, (row) => (alive[row] ? 1 : 0)),
        columns: Object.fromEntries(
          item.columns
            .filter((name) => name !== liveColumn)
            .map((name) => [
              name,
              columnFromLiterals(
                types.get(name)!,
                rows.map((row) => columns.get(name)![row]!.value),
              ),
            ]),
        ),
      });
      const revision = Math.max(...item.blocks.map(({ block }) => revisionOf(block)));
      yield part({ kind: 'patch', block: item.blocks[0]!.block, level: 0, revision, body });
    } else {
      const kernel = kernelOf(item.kernel);
      for (const { level, index: node } of item.nodes) {
        counts.partials++;
        const leaves = new Map<number, KernelPartial>();
        let revision = 0;
        const end = Math.min(blockCount(), (node + 1) * 8 ** level);
        for (let block = node * 8 ** level; block < end; block++) {
          const live = column(block, liveColumn);
          leaves.set(
            block,
            kernel.map({
              block,
              length: rowsOf(block).length,
              columns: Object.fromEntries(
                Object.keys(item.kernel.columns).map((name) => [name, column(block, name)]),
              ),
              live: live.kind === 'bool' ? live.values : undefined,
            }),
          );
          revision = Math.max(revision, revisionOf(block));
        }
        const merged = mergeNode(kernel, level, node, leaves);
        if (merged)
          yield part({ kind: 'partial', block: node, level, revision, body: kernel.encode(merged) });
      }
    }
  };

  const check = () => {
    if (store.down) throw store.down;
  };
  const store: FakeStore = {
    counts,
    reset() {
      Object.assign(counts, {
        requests: 0,
        heads: 0,
        pages: 0,
        patches: 0,
        partials: 0,
        bytes: 0,
        aborted: 0,
      });
    },
    down: undefined,
    silent: false,
    corrupt: 0,
    beforeBatch: undefined,
    get version() {
      return version;
    },
    get rows() {
      return alive.length;
    },
    value: (row, name) => columns.get(name)![row]!.value,
    update(changes) {
      version++;
      for (const { row, column, value } of changes) {
        columns.get(column)![row] = { value, rev: version };
        revs[row] = version;
      }
      announce(changes.map(({ row }) => row));
    },
    append(rows) {
      version++;
      const first = alive.length;
      for (const row of rows) {
        for (const [name, cells] of columns) cells.push({ value: row[name] ?? null, rev: version });
        alive.push(true);
        revs.push(version);
      }
      announce(rows.map((_, i) => first + i));
    },
    remove(rows) {
      version++;
      for (const row of rows) {
        alive[row] = false;
        revs[row] = version;
        for (const cells of columns.values()) cells[row] = { value: null, rev: version };
      }
      announce(rows);
    },
    async datasets() {
      check();
      return { version, asOf: asOf(), datasets: [summary()] };
    },
    async head(dataset) {
      counts.heads++;
      check();
      if (dataset !== id) throw new ExaError('missing', 'There is no such data set.');
      return headNow();
    },
    async health() {
      check();
      return { version, asOf: asOf() };
    },
    async write() {
      check();
      version++;
      announce([]);
      return { version, asOf: asOf(), appended: 0, updated: 0, deleted: 0 };
    },
    async *batch(request, { signal } = {}) {
      counts.requests++;
      await Promise.resolve();
      check();
      const onAbort = () => counts.aborted++;
      signal?.addEventListener('abort', onAbort, { once: true });
      if (store.silent) {
        await new Promise((_, reject) => {
          signal?.addEventListener('abort', () => reject(cancelled()));
        });
      }
      store.beforeBatch?.();
      for (const [index, item] of request.items.entries()) {
        for (const part of parts(item, index)) {
          if (store.corrupt > 0) {
            store.corrupt--;
            throw new ExaError('corrupt', 'A page was damaged on its way from the store.');
          }
          yield part;
        }
      }
      signal?.removeEventListener('abort', onAbort);
    },
    changes(_, listener) {
      listeners.add(listener);
      queueMicrotask(() => listener.open({ version, asOf: asOf() }));
      return () => listeners.delete(listener);
    },
  };
  return store;
}

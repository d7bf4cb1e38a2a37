import type { DuckDBConnection } from '@duckdb/node-api';
import type { VersionEvent } from '../../../src/protocol/change.ts';
import { blockRows } from '../../../src/protocol/column.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayCommit } from '../array-catalogue.ts';
import { type Catalogue, type DatasetState, saveArray, saveDataset } from './catalogue.ts';

/** A data set while a transaction changes it. */
export interface Draft {
  state: DatasetState;
  /** Columns, profile, epoch or zones changed. */
  headChanged: boolean;
  /** Blocks whose rows changed. */
  readonly touched: Set<number>;
  /** Columns written; {@link wholeRows} where rows came or went. */
  readonly written: Set<string>;
}

/** Stands for every column of a row in `written`. */
export const wholeRows = '_row';

/** One version in the making: everything it changes is committed together, or not at all. */
export interface Transaction {
  readonly connection: DuckDBConnection;
  readonly version: number;
  /** ISO time of the commit to be. */
  readonly asOf: string;
  readonly before: Catalogue;
  readonly drafts: Map<string, Draft>;
  readonly dropped: Map<string, DatasetState>;
  /** Tables of values overwritten so far, by data set and column: see `former-values.ts`. */
  readonly former: Map<string, string>;
  readonly arrays: Map<string, ArrayCommit>;
  /** Nothing is to be committed: the write was done before. */
  idle?: boolean;
}

/** The data set as the transaction has it so far. Throws `missing`. */
export function draftOf(transaction: Transaction, dataset: string): Draft {
  const known = transaction.drafts.get(dataset);
  if (known) return known;
  const before = transaction.before.datasets.get(dataset);
  if (!before || transaction.dropped.has(dataset)) throw noDataset(dataset);
  const draft: Draft = { state: before, headChanged: false, touched: new Set(), written: new Set() };
  transaction.drafts.set(dataset, draft);
  return draft;
}

export function noDataset(dataset: string): ExaError {
  return new ExaError('missing', `There is no data set called ${dataset} here.`, { facts: { dataset } });
}

/** Data sets as the transaction has them so far. */
export function datasetsOf({ before, drafts, dropped }: Transaction): ReadonlyMap<string, DatasetState> {
  const datasets = new Map(before.datasets);
  for (const id of dropped.keys()) datasets.delete(id);
  for (const [id, { state }] of drafts) datasets.set(id, state);
  return datasets;
}

/** Rows of each block that `[first, first + rows)` covers. */
export function rowsByBlock(first: number, rows: number): Map<number, number> {
  const live = new Map<number, number>();
  for (let row = first; row < first + rows; ) {
    const block = Math.floor(row / blockRows);
    const end = Math.min(first + rows, (block + 1) * blockRows);
    live.set(block, end - row);
    row = end;
  }
  return live;
}

/** Counts rows added to (or, negative, taken from) the live rows of blocks, and marks these blocks as changed. */
export function touchBlocks(
  draft: Draft,
  version: number,
  liveByBlock: ReadonlyMap<number, number>,
  allocated: number = draft.state.allocated,
): void {
  const revisions = [...draft.state.revisions];
  const live = [...draft.state.live];
  for (let block = live.length; block * blockRows < allocated; block++) {
    revisions.push(version);
    live.push(0);
    draft.touched.add(block);
  }
  for (const [block, rows] of liveByBlock) {
    revisions[block] = version;
    live[block] = (live[block] ?? 0) + rows;
    draft.touched.add(block);
  }
  draft.state = { ...draft.state, allocated, revisions, live };
}

/** Writes what the drafts and the clock have become; the caller commits. Returns the catalogue as of then. */
export async function saveTransaction(transaction: Transaction): Promise<Catalogue> {
  const { connection, version, asOf, drafts, dropped } = transaction;
  const datasets = new Map(transaction.before.datasets);
  for (const id of dropped.keys()) {
    await connection.run('DELETE FROM exa_datasets WHERE id = $1', [id]);
    datasets.delete(id);
  }
  for (const [id, draft] of drafts) {
    if (!draft.headChanged && draft.touched.size === 0) continue;
    draft.state = { ...draft.state, version, asOf };
    await saveDataset(connection, draft.state, draft.headChanged);
    datasets.set(id, draft.state);
  }
  const arrays = new Map(transaction.before.arrays);
  for (const [id, { record }] of transaction.arrays) {
    await saveArray(connection, id, record);
    if (record) arrays.set(id, record);
    else arrays.delete(id);
  }
  await connection.run('UPDATE exa_clock SET version = $1::BIGINT, as_of = $2', [BigInt(version), asOf]);
  return {
    version,
    asOf,
    datasets: new Map([...datasets].sort(([left], [right]) => (left < right ? -1 : 1))),
    arrays,
  };
}

/** What listeners are told after the commit. A dropped data set is announced with an empty epoch. */
export function eventOf(transaction: Transaction): VersionEvent {
  const { version, asOf, before, drafts, dropped } = transaction;
  const changed = [...drafts]
    .filter(([, { headChanged, touched }]) => headChanged || touched.size > 0)
    .map(([id, { state, headChanged, touched }]) => ({
      id,
      epoch: state.epoch,
      headChanged,
      allocated: state.allocated,
      blocks: [...touched]
        .sort((left, right) => left - right)
        .map((block) => ({ block, live: state.live[block]! })),
    }));
  const gone = [...dropped.keys()]
    .filter((id) => !drafts.has(id))
    .map((id) => ({ id, epoch: '', headChanged: true, allocated: 0, blocks: [] }));
  const event = { version, previous: before.version, asOf, datasets: [...changed, ...gone] };
  const arrays = [...transaction.arrays.values()].map(({ change }) => change);
  return arrays.length ? { ...event, arrays } : event;
}

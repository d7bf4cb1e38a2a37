import { emptyColumn, takeRows } from '../../src/arrow/build-column.ts';
import type { ColumnData } from '../../src/arrow/column-data.ts';
import type { BlockInput } from '../../src/kernels/block.ts';
import { maskOf } from '../../src/kernels/table/mask.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import type { Head } from '../../src/protocol/head.ts';
import type { KernelSpec } from '../../src/protocol/kernel.ts';
import { liveColumn } from '../../src/protocol/page.ts';
import { zonesOf } from '../drivers/duckdb/dataset-head.ts';
import type { Snapshot } from '../drivers/table-driver.ts';
import type { Scope } from './scope.ts';
import type { SeenBlocks, SeenBook } from './seen-blocks.ts';
import { type RowFilter, type TableView, tableView } from './table-view.ts';

/** A snapshot as one scope sees it: hidden rows are tombstones, hidden columns null, hidden data sets not there. */
export class ScopedSnapshot implements Snapshot {
  readonly version: number;
  readonly #whole: Snapshot;
  readonly #scope: Scope;
  readonly #views = new Map<string, TableView | undefined>();
  readonly #seen = new Map<string, SeenBlocks>();
  readonly #masks = new Map<string, Promise<Uint8Array | undefined>>();

  private constructor(whole: Snapshot, scope: Scope) {
    this.version = whole.version;
    this.#whole = whole;
    this.#scope = scope;
  }

  /** Counts what the scope sees of each table it narrows, as far as `book` does not know. */
  static async open(whole: Snapshot, scope: Scope, book: SeenBook): Promise<Snapshot> {
    const snapshot = new ScopedSnapshot(whole, scope);
    for (const dataset of whole.datasets()) {
      const view = snapshot.#quietView(dataset);
      if (!view || (!view.rows && view.nulls.size === 0 && view.nullUnless.size === 0)) continue;
      snapshot.#seen.set(dataset, await book.seen(whole, whole.head(dataset), view, scope.hash));
    }
    return snapshot;
  }

  datasets(): readonly string[] {
    return this.#whole.datasets().filter((dataset) => this.#quietView(dataset) !== undefined);
  }

  head(dataset: string): Head {
    const view = this.#view(dataset);
    const head = this.#whole.head(dataset, this.#scope.hash);
    const seen = this.#seen.get(dataset);
    const { profile, cache } = view;
    return {
      ...head,
      profile,
      ...(seen && { live: seen.live, zones: zonesOf(profile, seen.years) }),
      ...(cache && { cache }),
    };
  }

  async readBlock(dataset: string, column: string, block: number): Promise<ColumnData> {
    const { nulls, nullUnless } = this.#view(dataset);
    const mask = await this.#mask(dataset, block);
    if (column === liveColumn) {
      const live = await this.#whole.readBlock(dataset, column, block);
      return mask ? { kind: 'bool', length: live.length, values: mask.slice(0, live.length) } : live;
    }
    const unless = nullUnless.get(column);
    const data = await this.#whole.readBlock(dataset, column, block);
    if (nulls.has(column)) return allNull(data);
    const shown = unless ? await this.#filtered(dataset, block, unless) : undefined;
    return kept(kept(data, mask), shown);
  }

  async readChanged(
    dataset: string,
    columns: readonly string[],
    blocks: readonly { readonly block: number; readonly since: number }[],
  ): ReturnType<Snapshot['readChanged']> {
    const { rows, nulls, nullUnless } = this.#view(dataset);
    const filters = [rows, ...columns.map((column) => nullUnless.get(column))];
    const reads = new Set(columns);
    for (const filter of filters) for (const column of Object.keys(filter?.columns ?? {})) reads.add(column);
    const changed = await this.#whole.readChanged(dataset, [...reads], blocks);
    const input: BlockInput = {
      block: 0,
      length: changed.rows.length,
      columns: changed.columns,
      live: changed.live,
    };
    const mask = rows && maskOf(rows.where, input, rows.columns);
    const shown = (column: string): ColumnData => {
      const data = changed.columns[column]!;
      if (nulls.has(column)) return allNull(data);
      const unless = nullUnless.get(column);
      return kept(kept(data, mask), unless && maskOf(unless.where, input, unless.columns));
    };
    return {
      rows: changed.rows,
      live: mask ? mask.slice() : changed.live,
      columns: Object.fromEntries(columns.map((column) => [column, shown(column)])),
    };
  }

  /** The engine answers with the row filter as one more condition; what reads hidden columns is mapped from pages. */
  async exactPartials(
    dataset: string,
    spec: KernelSpec,
    blocks: readonly number[],
  ): Promise<ReadonlyMap<number, Uint8Array> | undefined> {
    const { rows, nulls, nullUnless } = this.#view(dataset);
    if (Object.keys(spec.columns).some((id) => nulls.has(id) || nullUnless.has(id))) return undefined;
    if (!rows) return this.#whole.exactPartials(dataset, spec, blocks);
    if (spec.kernel !== 'aggregate' && spec.kernel !== 'top') return undefined;
    const where = spec.where ? ({ op: 'and', of: [rows.where, spec.where] } as const) : rows.where;
    const columns = { ...rows.columns, ...spec.columns };
    return this.#whole.exactPartials(dataset, { ...spec, columns, where }, blocks);
  }

  #view(dataset: string): TableView {
    if (!this.#views.has(dataset))
      this.#views.set(
        dataset,
        tableView(this.#scope, dataset, (id) => wholeHead(this.#whole, id)),
      );
    const view = this.#views.get(dataset);
    if (view) return view;
    throw new ExaError('missing', `There is no data set called ${dataset} here.`, { facts: { dataset } });
  }

  /** Undefined also where rights cannot be read: lists do without it. */
  #quietView(dataset: string): TableView | undefined {
    try {
      return this.#view(dataset);
    } catch (error) {
      if (isExaError(error, 'missing', 'refused')) return undefined;
      throw error;
    }
  }

  /** Rows of a block that are live and seen; undefined when the scope hides none of the table's. */
  #mask(dataset: string, block: number): Promise<Uint8Array | undefined> {
    const { rows } = this.#view(dataset);
    if (!rows) return Promise.resolve(undefined);
    const place = `${dataset} ${block}`;
    let mask = this.#masks.get(place);
    if (!mask) {
      mask = this.#filtered(dataset, block, rows);
      mask.catch(() => this.#masks.delete(place));
      this.#masks.set(place, mask);
    }
    return mask;
  }

  async #filtered(
    dataset: string,
    block: number,
    { where, columns }: RowFilter,
  ): Promise<Uint8Array | undefined> {
    const live = await this.#whole.readBlock(dataset, liveColumn, block);
    if (live.kind !== 'bool')
      throw new ExaError('broken', `The ${liveColumn} column of ${dataset} is not bool.`);
    const read: Record<string, ColumnData> = {};
    for (const column of Object.keys(columns))
      read[column] = await this.#whole.readBlock(dataset, column, block);
    return maskOf(where, { block, length: live.length, columns: read, live: live.values }, columns);
  }
}

function wholeHead(whole: Snapshot, dataset: string): Head | undefined {
  return whole.datasets().includes(dataset) ? whole.head(dataset) : undefined;
}

/** The column with null, and no value left behind, where `mask` is 0. */
function kept(data: ColumnData, mask: Uint8Array | undefined): ColumnData {
  if (!mask) return data;
  return takeRows(
    data,
    Int32Array.from({ length: data.length }, (_, row) => (mask[row] ? row : -1)),
  );
}

function allNull(data: ColumnData): ColumnData {
  const none = data.kind === 'decimal' ? emptyColumn(data) : emptyColumn({ kind: data.kind });
  return takeRows(none, new Int32Array(data.length).fill(-1));
}

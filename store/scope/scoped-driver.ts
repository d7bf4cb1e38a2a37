import type { VersionEvent } from '../../src/protocol/change.ts';
import { ExaError, isExaError } from '../../src/protocol/errors.ts';
import type { DatasetSummary } from '../../src/protocol/head.ts';
import type { ChunkDriver } from '../drivers/chunk-driver.ts';
import type { Snapshot, TableDriver, Write } from '../drivers/table-driver.ts';
import { publicScope, type Scope } from './scope.ts';
import { ScopedSnapshot } from './scoped-snapshot.ts';
import type { SeenBook } from './seen-blocks.ts';
import { type TableView, tableView } from './table-view.ts';

/** Tables as one caller may read and write them. */
export interface ScopedTables {
  /** Rows are those seen. */
  datasets(): Promise<readonly DatasetSummary[]>;
  snapshot<T>(read: (snapshot: Snapshot) => Promise<T>): Promise<T>;
  /** Throws `refused` for readers, for hidden columns, and for rows outside of the scope. */
  write(write: Write): ReturnType<TableDriver['write']>;
  beginImport(options: Parameters<TableDriver['beginImport']>[0]): ReturnType<TableDriver['beginImport']>;
  drop(dataset: string): Promise<void>;
}

/** The tables after `scope`. Whatever a route does with them, it does as the caller may. */
export function scopedTables(driver: TableDriver, scope: Scope, book: SeenBook): ScopedTables {
  const snapshot: ScopedTables['snapshot'] = (read) =>
    driver.snapshot(async (whole) =>
      read(scope.hash === publicScope ? whole : await ScopedSnapshot.open(whole, scope, book)),
    );

  /** What the scope says of a data set. Throws `missing` for one that is not seen. */
  const viewOf = (dataset: string): Promise<TableView> =>
    driver.snapshot(async (whole) => {
      const heads = (id: string) => (whole.datasets().includes(id) ? whole.head(id) : undefined);
      const view = tableView(scope, dataset, heads);
      if (view) return view;
      throw new ExaError('missing', `There is no data set called ${dataset} here.`, { facts: { dataset } });
    });

  return {
    snapshot,

    async datasets() {
      if (scope.hash === publicScope) return driver.datasets();
      return snapshot(async (seen) => {
        const there = new Set(seen.datasets());
        return driver.datasets().flatMap((summary) => {
          if (!there.has(summary.id)) return [];
          const { live, profile, cache } = seen.head(summary.id);
          return {
            ...summary,
            rows: live.reduce((sum, rows) => sum + rows, 0),
            profile,
            ...(cache && { cache }),
          };
        });
      });
    },

    async write(write) {
      scope.mustEdit('change data');
      const view = await viewOf(write.dataset);
      const { rows, nulls, nullUnless } = view;
      if (write.change.kind === 'profile') {
        if (rows || nulls.size > 0 || nullUnless.size > 0 || !scope.whole)
          throw refused('say anew what a table means, as you do not see all there is');
        return driver.write(write);
      }
      const hidden = Object.keys(write.change.batch.columns).find((column) => nulls.has(column));
      if (hidden !== undefined) throw refused(`write the column ${hidden}, which is hidden from you`);
      return driver.write({ ...write, ...(rows && { within: rows }) });
    },

    async beginImport(options) {
      scope.mustEdit('import data');
      if (!scope.whole) {
        const known = driver.datasets().find(({ name }) => name === options.name);
        const view = known && (await viewOf(known.id).catch(missingIs(undefined)));
        const isPlain = view && !view.rows && view.nulls.size === 0 && view.nullUnless.size === 0;
        if (options.mode === 'create' || options.mode === 'replace')
          throw refused('make data sets, as you do not see all there are');
        if (!isPlain) throw refused(`import into ${options.name}, as you do not see all of it`);
      }
      return driver.beginImport(options);
    },

    async drop(dataset) {
      scope.mustAdminister('drop a data set');
      const view = await viewOf(dataset);
      if (view.rows || view.nulls.size > 0) throw refused('drop a data set of which you do not see all');
      return driver.drop(dataset);
    },
  };
}

/**
 * What a scope may hear of a version: the data sets it sees. Live rows a block are those of everybody, so of a table with
 * hidden rows it hears only that its head has changed; of changes to what it does not see, that there was a version.
 */
export async function seenEvent(
  event: VersionEvent,
  {
    driver,
    scope,
    arrays: all,
  }: {
    readonly driver: TableDriver;
    readonly scope: Scope;
    readonly arrays: Pick<ChunkDriver, 'heads'> | undefined;
  },
): Promise<VersionEvent> {
  if (scope.hash === publicScope || scope.hash === 'whole') return event;
  const { arrays } = event;
  const seenArrays = new Set(all?.heads().flatMap((head) => (scope.hasArray(head) ? [head.id] : [])));
  const datasets = await driver.snapshot(async (whole) => {
    const there = new Set(whole.datasets());
    const heads = (id: string) => (there.has(id) ? whole.head(id) : undefined);
    return event.datasets.flatMap((one) => {
      if (!there.has(one.id)) return scope.viewOf({ id: one.id, name: one.id }) ? [one] : [];
      let view: TableView | undefined;
      try {
        view = tableView(scope, one.id, heads);
      } catch (error) {
        if (!isExaError(error, 'refused')) throw error;
      }
      if (!view) return [];
      return view.rows ? { ...one, headChanged: true, blocks: [] } : one;
    });
  });
  return {
    ...event,
    datasets,
    ...(arrays && { arrays: arrays.filter(({ id }) => seenArrays.has(id)) }),
  };
}

function refused(what: string): ExaError {
  return new ExaError('refused', `You may not ${what}.`);
}

function missingIs<T>(value: T): (error: unknown) => T {
  return (error) => {
    if (isExaError(error, 'missing', 'refused')) return value;
    throw error;
  };
}

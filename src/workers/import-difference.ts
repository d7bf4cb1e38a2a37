import { coerceColumn } from '../arrow/coerce-column.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { decodePage } from '../arrow/page.ts';
import { keyText } from '../arrow/prepare-rows.ts';
import type { Inspection } from '../import/inspect-file.ts';
import type { TypedBatch } from '../import/typed-batch.ts';
import type { Head } from '../protocol/head.ts';
import type { ImportDifference, ImportPlan } from '../protocol/import.ts';
import { keyIndex } from '../storage/local-merge.ts';
import type { StoreClient } from '../storage/store-client.ts';
import type { Reading } from './import-file.ts';

/** Most rows whose keys are compared: their keys are all held in memory. */
const maxCompared = 3_000_000;

/** What a file would change in the data set of `head`. */
export async function differenceOf(
  store: StoreClient,
  head: Head,
  plan: ImportPlan,
  inspection: Inspection,
  batches: AsyncIterable<TypedBatch>,
  { signal, progress }: Reading,
): Promise<ImportDifference> {
  const inFile = new Set(inspection.columns.map(({ name }) => name));
  const there = new Set(head.columns.map(({ name }) => name));
  const nameOf = new Map(head.columns.map(({ id, name }) => [id, name]));
  const declared = plan.decisions.keys ?? [];
  const keys =
    head.profile.keys.length > 0 ? head.profile.keys.map((id) => nameOf.get(id) ?? id) : [...declared];
  const rowsThere = head.live.reduce((sum, rows) => sum + rows, 0);
  const plain = {
    rowsThere,
    rowsInFile: inspection.rows,
    newColumns: [...inFile].filter((name) => !there.has(name)),
    missingColumns: [...there].filter((name) => !inFile.has(name)),
    keys,
  };
  const isComparable =
    plan.mode === 'upsert' &&
    keys.length > 0 &&
    keys.every((key) => inFile.has(key) && there.has(key)) &&
    head.allocated <= maxCompared &&
    inspection.rows <= maxCompared;
  if (!isComparable) return plain;
  const columns = keys.map((key) => head.columns.find(({ name }) => name === key)!);
  const table = { ...head, profile: { ...head.profile, keys: columns.map(({ id }) => id) } };
  const known = await keyIndex(table, (block, column) => readPage(store, head, block, column, signal));
  const seen = new Set<string>();
  let updated = 0;
  let rows = 0;
  for await (const batch of batches) {
    const parts = columns.map((column) => coerceColumn(batch.columns[column.name]!, column));
    for (let i = 0; i < batch.rows; i++) {
      const key = keyText(parts, i);
      if (seen.has(key)) continue;
      seen.add(key);
      if (known.has(key)) updated++;
    }
    rows += batch.rows;
    progress({ phase: 'compare', rows, rowsTotal: inspection.rows });
  }
  return { ...plain, updated, appended: seen.size - updated };
}

async function readPage(
  store: StoreClient,
  { id: dataset, epoch }: Head,
  block: number,
  column: string,
  signal: AbortSignal,
): Promise<ColumnData | undefined> {
  const items = [{ kind: 'pages', dataset, epoch, column, blocks: [block] } as const];
  for await (const part of store.batch({ items }, { signal })) return decodePage(part.body);
  return undefined;
}

import type { ColumnData } from '../arrow/column-data.ts';
import { nullColumn } from '../arrow/null-column.ts';
import { applyPatch, type Patch } from '../arrow/patch.ts';
import { blockRows } from '../protocol/column.ts';
import { liveColumn } from '../protocol/page.ts';
import { type LocalTable, lengthOf, revisionColumn } from './local-table.ts';

/** A block after a write. */
export interface EditedBlock {
  readonly block: number;
  readonly live: number;
  /** Pages that differ from before, by column; `_live` and `_rev` among them where the block has them. */
  readonly pages: ReadonlyMap<string, ColumnData>;
}

/** Blocks that the rows of `patches` are in, ascending. */
export function touchedBlocks(patches: readonly Patch[]): number[] {
  const blocks = new Set<number>();
  for (const { rows } of patches) for (const row of rows) blocks.add(Math.floor(row / blockRows));
  return [...blocks].sort((a, b) => a - b);
}

/**
 * One block with `patches` applied in order, its rows then being of `version`. `before` reads a page as it was,
 * undefined when there is none. `allocated`: rows handed out afterwards. Pure but for `before`.
 */
export async function editBlock(
  table: LocalTable,
  block: number,
  patches: readonly Patch[],
  { allocated, version }: { readonly allocated: number; readonly version: number },
  before: (column: string) => Promise<ColumnData | undefined>,
): Promise<EditedBlock> {
  const oldLength = lengthOf(table, block);
  const length = lengthOf({ allocated }, block);
  const pages = new Map<string, ColumnData>();
  for (const { id, type } of table.columns) {
    const mine = patches.filter((patch) => patch.columns[id] !== undefined);
    if (mine.length === 0 && length === oldLength) continue;
    let page = oldLength > 0 ? ((await before(id)) ?? nullColumn(type, oldLength)) : undefined;
    for (const patch of mine) page = applyPatch(page, block, id, patch, length);
    pages.set(
      id,
      page && page.length === length ? page : grown(page, nullColumn(type, 0), block, id, length),
    );
  }
  const live = await liveRows(block, patches, oldLength, length, before);
  if (live.page) pages.set(liveColumn, live.page);
  const revisions = await rowRevisions(table, block, patches, oldLength, length, version, before);
  if (revisions) pages.set(revisionColumn, revisions);
  return { block, live: live.count, pages };
}

function grown(
  page: ColumnData | undefined,
  empty: ColumnData,
  block: number,
  column: string,
  length: number,
): ColumnData {
  const nothing = { rows: new Float64Array(), live: new Uint8Array(), columns: { [column]: empty } };
  return applyPatch(page, block, column, nothing, length);
}

async function liveRows(
  block: number,
  patches: readonly Patch[],
  oldLength: number,
  length: number,
  before: (column: string) => Promise<ColumnData | undefined>,
): Promise<{ readonly page?: ColumnData; readonly count: number }> {
  let page = oldLength > 0 ? await before(liveColumn) : undefined;
  if (!page && patches.every(({ live }) => live.every((alive) => alive === 1))) return { count: length };
  for (const patch of patches) page = applyPatch(page, block, liveColumn, patch, length);
  if (page?.kind !== 'bool') return { count: length };
  return { page, count: page.values.reduce((sum, alive) => sum + alive, 0) };
}

/** Undefined when all rows of the block are of `version`. */
async function rowRevisions(
  table: LocalTable,
  block: number,
  patches: readonly Patch[],
  oldLength: number,
  length: number,
  version: number,
  before: (column: string) => Promise<ColumnData | undefined>,
): Promise<ColumnData | undefined> {
  if (oldLength === 0) return undefined;
  const values = new Float64Array(length).fill(version);
  const known = await before(revisionColumn);
  if (known?.kind === 'float64') values.set(known.values);
  else values.fill(table.revisions[block]!, 0, oldLength);
  const start = block * blockRows;
  for (const { rows } of patches)
    for (const row of rows) if (row >= start && row < start + length) values[row - start] = version;
  return { kind: 'float64', length, values };
}

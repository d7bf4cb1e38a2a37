import type { ColumnData } from '../src/arrow/column-data.ts';
import type { BlockInput } from '../src/kernels/block.ts';
import { blockRows } from '../src/protocol/column.ts';
import { ExaError } from '../src/protocol/errors.ts';
import type { Head } from '../src/protocol/head.ts';
import { liveColumn } from '../src/protocol/page.ts';
import type { Snapshot } from './drivers/table-driver.ts';

/** Rows handed out in a block. */
export function blockLength(head: Head, block: number): number {
  return Math.min(blockRows, head.allocated - block * blockRows);
}

/** Columns of one block as kernels read them; `_live` only where a row of it was deleted. */
export async function readInput(
  snapshot: Snapshot,
  head: Head,
  columns: readonly string[],
  block: number,
): Promise<BlockInput> {
  const length = blockLength(head, block);
  const read: Record<string, ColumnData> = {};
  for (const column of columns) read[column] = await snapshot.readBlock(head.id, column, block);
  if (head.live[block] === length) return { block, length, columns: read };
  const live = await snapshot.readBlock(head.id, liveColumn, block);
  if (live.kind !== 'bool')
    throw new ExaError('broken', `The ${liveColumn} column of ${head.id} is not bool.`);
  return { block, length, columns: read, live: live.values };
}

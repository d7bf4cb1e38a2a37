import { blockRows } from '../../../src/protocol/column.ts';

/** Rows of the blocks (ascending) in SQL; neighbours as one range, so that zone maps skip the rest. */
export function blockFilter(blocks: readonly number[], row = '_row'): string {
  const ranges: string[] = [];
  for (let i = 0; i < blocks.length; ) {
    let end = i + 1;
    while (end < blocks.length && blocks[end] === blocks[end - 1]! + 1) end++;
    ranges.push(`(${row} >= ${blocks[i]! * blockRows} AND ${row} < ${(blocks[end - 1]! + 1) * blockRows})`);
    i = end;
  }
  return ranges.length ? `(${ranges.join(' OR ')})` : 'false';
}

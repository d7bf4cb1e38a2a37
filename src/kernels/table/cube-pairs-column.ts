import type { ColumnData } from '../../arrow/column-data.ts';
import { ExaError } from '../../protocol/errors.ts';
import { type CubePairs, maxPairs } from './cube.ts';
import { grown } from './cube-cells.ts';
import { type CubeColumn, validRows } from './cube-rows.ts';
import { codeColumn } from './key-codes.ts';
import { valueIndex } from './value-index.ts';

/** The growing set of (cell, value) pairs of one state; `empty` is a column of the operand's type. */
export function pairsColumn(keep: CubePairs['keep'], empty: ColumnData): CubeColumn {
  const index = valueIndex();
  const places = new Map<number, number>();
  let cellsOf = new Int32Array(0);
  let entries = new Int32Array(0);
  let counts = new Float64Array(0);
  return {
    add({ rows, cells, data }) {
      const valid = data.validity ? validRows(rows, cells, data.validity) : { rows, cells };
      const coded = codeColumn(data, valid.rows);
      const used = new Int32Array(coded.size).fill(-1);
      const codes: number[] = [];
      for (let n = 0; n < valid.rows.length; n++) {
        const code = coded.codes[valid.rows[n]!]!;
        if (used[code] !== -1) continue;
        used[code] = codes.length;
        codes.push(code);
      }
      const numbers = index.place([coded.take(codes)]);
      for (let n = 0; n < valid.rows.length; n++) {
        const cell = valid.cells[n]!;
        const entry = numbers[used[coded.codes[valid.rows[n]!]!]!]!;
        // Cells are fewer than 2^23 and values fewer than 2^30: an exact name for the pair.
        const name = cell * 2 ** 30 + entry;
        let place = places.get(name);
        if (place === undefined) {
          place = places.size;
          if (place >= maxPairs)
            throw new ExaError('refused', 'There are too many different values to follow the pointer.', {
              facts: { maxPairs },
            });
          places.set(name, place);
          cellsOf = grown(cellsOf, place + 1);
          entries = grown(entries, place + 1);
          cellsOf[place] = cell;
          entries[place] = entry;
        }
        if (keep === 'values') {
          counts = grown(counts, place + 1);
          counts[place]!++;
        }
      }
    },
    state: () => ({
      state: 'pairs',
      keep,
      values: index.columns()?.[0] ?? empty,
      cells: cellsOf.subarray(0, places.size),
      entries: entries.subarray(0, places.size),
      counts: keep === 'values' ? counts.subarray(0, places.size) : undefined,
    }),
  };
}

import { describe, expect, it } from 'vitest';
import { openAnswer } from '../../arrow/answer-table.ts';
import { cellStates, type Window } from '../../protocol/array-client.ts';
import { mapColumns } from '../heatmap/heatmap-table.ts';
import { type MapCells, mapCells } from '../heatmap/map-cells.ts';
import { windowColumns, windowIndices } from '../matrix/matrix-rows.ts';
import type { SeriesCells } from '../series/series-cells.ts';
import { seriesColumns } from '../series/series-table.ts';
import { arrayTakeAway } from './array-take-away.ts';
import { extentOf } from './extent.ts';

const coverage = {
  version: 3,
  asOf: '2026-11-28T00:00:00Z',
  settled: true,
  mixed: false,
  chunks: 2,
  chunksTotal: 4,
  from: 'cache',
} as const;
const far = 10n ** 17n;
const three = {
  min: Float64Array.of(1, 2, Number.NaN),
  max: Float64Array.of(3, 4, Number.NaN),
  mean: Float64Array.of(2, 3, Number.NaN),
  count: Float64Array.of(4, 4, 0),
  nans: Float64Array.of(0, 0, 0),
  state: Uint8Array.of(cellStates.exact, cellStates.exact, cellStates.away),
};

describe('what is taken away of an array', () => {
  it('is the cells of a line in view, from exact rows, empty where nothing is here', () => {
    const cells: SeriesCells = { ...three, step: 4n, first: far, size: 3, version: 3 };
    const { data } = arrayTakeAway({
      title: 'Line',
      names: ['From row', 'Mean', 'Lowest', 'Highest'],
      make: () => seriesColumns(cells, extentOf({ start: far + 4n, end: far + 12n })),
      coverage,
      approximate: ['Mean'],
    });
    if (data?.what.kind !== 'table') throw new Error('No table.');
    const table = openAnswer(data.what.bytes);
    const cell = (row: number) => data.columns.map(({ id }) => table.exact(id, row));
    expect(table.rows).toBe(2);
    expect(cell(0)).toEqual(['100000000000000004', '3', '2', '4']);
    expect(cell(1)).toEqual(['100000000000000008', '', '', '']);
    expect(data.what.coverage).toMatchObject({ blocks: 2, blocksTotal: 4, approximate: ['c1'] });
  });

  it('is the cells of a map in view, one a line', () => {
    const picture = {
      ...three,
      level: 0,
      step: [1n, 1n],
      first: [0n, 5n],
      cells: [1, 3],
      sharp: true,
      coverage,
    };
    const cells: MapCells = mapCells(picture, 0, 1);
    const [rows, columns, values] = mapColumns(cells, {
      rows: extentOf({ start: 0n, end: 1n }),
      columns: extentOf({ start: 6n, end: 8n }),
    });
    expect(rows).toMatchObject({ values: BigInt64Array.of(0n, 0n) });
    expect(columns).toMatchObject({ values: BigInt64Array.of(6n, 7n) });
    expect(values).toMatchObject({ values: Float64Array.of(3, 0), validity: Uint8Array.of(1) });
  });

  it('is the exact elements of a window: all digits of whole numbers no double holds', () => {
    const window: Window = {
      dtype: 'int64',
      shape: [2, 2],
      first: [far, 7n],
      values: BigInt64Array.of(2n ** 60n + 1n, 1n, 2n, 3n),
      written: Uint8Array.of(1, 2, 0, 1),
      coverage,
    };
    expect(windowIndices(window)).toEqual([7n, 8n]);
    const [rows, left, right] = windowColumns(window, String);
    expect(rows).toMatchObject({ values: BigInt64Array.of(far, far + 1n) });
    expect(left).toMatchObject({ kind: 'text', dictionary: ['1152921504606846977', '2'] });
    expect(right).toMatchObject({ dictionary: ['3'], validity: Uint8Array.of(2) });
  });
});

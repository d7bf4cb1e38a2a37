import { expect, test } from 'vitest';
import { openAnswer } from '../../arrow/answer-table.ts';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { isSelected, movedBy, rangeOf } from './selection.ts';
import { Windows } from './windows.ts';

const size = { rows: 100, columns: 4, pageRows: 10 };
const at = (row: number, column: number) => ({ row, column });

test('keys move the active cell inside the grid, Shift keeps the anchor', () => {
  const from = { anchor: at(5, 1), active: at(5, 1) };
  const key = (name: string, shift = false, ctrl = false) => movedBy(from, { key: name, shift, ctrl }, size);
  expect(key('ArrowDown')).toEqual({ anchor: at(6, 1), active: at(6, 1) });
  expect(key('ArrowRight', true)).toEqual({ anchor: at(5, 1), active: at(5, 2) });
  expect(key('PageUp')?.active).toEqual(at(0, 1));
  expect(key('End', false, true)?.active).toEqual(at(99, 3));
  expect(key('Home')?.active).toEqual(at(5, 0));
  expect(key('a')).toBeUndefined();
  expect(movedBy(from, { key: 'End', shift: false, ctrl: true }, { ...size, rows: 0 })).toBeUndefined();
});

test('a range is the same from either end', () => {
  const range = rangeOf({ anchor: at(7, 3), active: at(2, 1) });
  expect(range).toEqual({ rowStart: 2, rowEnd: 8, columnStart: 1, columnEnd: 4 });
  expect(isSelected(range, 7, 3)).toBe(true);
  expect(isSelected(range, 8, 3)).toBe(false);
});

test('windows answer by row, keep the newest few, and forget another question', () => {
  const table = openAnswer(encodeColumns({ v: columnFromLiterals({ kind: 'int32' }, [1, 2, 3]) }));
  const windows = new Windows(2);
  windows.put('a', 0, table);
  windows.put('a', 10, table);
  expect(windows.find(11)?.at).toBe(1);
  expect(windows.find(5)).toBeUndefined();
  windows.put('a', 20, table);
  expect(windows.find(0)).toBeUndefined();
  windows.put('b', 30, table);
  expect(windows.find(20)).toBeUndefined();
});

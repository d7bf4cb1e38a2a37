import { expect, test } from 'vitest';
import { type AnswerTable, openAnswer } from '../arrow/answer-table.ts';
import { columnFromLiterals } from '../arrow/build-column.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import type { ColumnType } from '../protocol/column.ts';
import { leavesNothing } from './no-rows.ts';

function counted(type: ColumnType, rows: string | number): AnswerTable {
  return openAnswer(encodeColumns({ rows: columnFromLiterals(type, [rows]) }));
}

test('nothing is left when a count is nought, as stores count and as made-up clients do', () => {
  expect(leavesNothing({ table: counted({ kind: 'int64' }, '0'), phase: 'ready' })).toBe(true);
  expect(leavesNothing({ table: counted({ kind: 'float64' }, 0), phase: 'ready' })).toBe(true);
  expect(leavesNothing({ table: counted({ kind: 'int64' }, '1'), phase: 'ready' })).toBe(false);
});

test('nobody says so of an answer that is not there, or not all of it', () => {
  expect(leavesNothing({ table: undefined, phase: 'ready' })).toBe(false);
  expect(leavesNothing({ table: counted({ kind: 'int64' }, '0'), phase: 'stale' })).toBe(false);
});

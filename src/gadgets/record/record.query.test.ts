import { describe, expect, it } from 'vitest';
import { openAnswer } from '../../arrow/answer-table.ts';
import { columnFromLiterals } from '../../arrow/build-column.ts';
import { encodeColumns } from '../../arrow/columns-stream.ts';
import { fakeHead } from '../gallery/fake-shop.ts';
import { cellLiteral, editedRow, neighbourQuestion, sheetColumns, typedLiteral } from './record.query.ts';

const head = fakeHead(
  'orders',
  [
    { id: 'c1', name: 'amount', type: { kind: 'decimal', precision: 18, scale: 2 } },
    { id: 'c2', name: 'id', type: { kind: 'int64' } },
    { id: 'c3', name: 'day', type: { kind: 'date' } },
  ],
  { keys: ['c2'], roles: { id: 'c2', amount: 'c1' } },
);
const table = openAnswer(
  encodeColumns({
    c1: columnFromLiterals({ kind: 'decimal', precision: 18, scale: 2 }, ['12.50']),
    c2: columnFromLiterals({ kind: 'int64' }, ['9223372036854775807']),
    c3: columnFromLiterals({ kind: 'date' }, ['2011-12-09']),
  }),
);

describe('record', () => {
  it('shows keys first', () => {
    expect(sheetColumns(head)).toEqual(['c2', 'c1', 'c3']);
  });
  it('keeps every digit of what it writes back', () => {
    expect(cellLiteral(table, 'c1', 0)).toBe('12.50');
    expect(cellLiteral(table, 'c3', 0)).toBe('2011-12-09');
    expect(editedRow(head, table, 'c1', '13.00')).toEqual({ c2: '9223372036854775807', c1: '13.00' });
  });
  it('changes no key, and nothing without keys', () => {
    expect(editedRow(head, table, 'c2', 1)).toBeUndefined();
    expect(editedRow({ ...head, profile: { ...head.profile, keys: [] } }, table, 'c1', 1)).toBeUndefined();
  });
  it('asks for the row before within the filters', () => {
    const where = { op: 'in', column: 'c1', values: ['1.00'] } as const;
    expect(neighbourQuestion('orders', 7, 'previous', where)).toMatchObject({
      where: { op: 'and', of: [where, { op: 'range', column: '_row', to: 7 }] },
      order: [{ column: '_row', descending: true }],
      limit: 1,
    });
  });
  it.each([
    ['', 'int32', { value: null }],
    ['', 'text', { value: '' }],
    ['007', 'text', { value: '007' }],
    ['9223372036854775807', 'int64', { value: '9223372036854775807' }],
    ['1.5', 'int32', { wrong: 'number' }],
    ['12.50', 'decimal', { value: '12.50' }],
    ['1e3', 'decimal', { wrong: 'number' }],
    ['soon', 'date', { wrong: 'date' }],
    ['true', 'bool', { value: true }],
    ['maybe', 'bool', { wrong: 'bool' }],
  ] as const)('reads “%s” as %s', (typed, kind, read) => {
    expect(typedLiteral(typed, kind)).toEqual(read);
  });
});

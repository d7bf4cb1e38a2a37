import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ColumnType } from '../../protocol/column.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import {
  columnsOf,
  grouped,
  headerGroups,
  nextOrder,
  tsvOf,
  typedFilter,
  windowFor,
  windowRows,
} from './grid.query.ts';
import { gridColumns } from './grid-columns.ts';

test('a window serves the view, and stays while it does', () => {
  fc.assert(
    fc.property(
      fc.nat(7_000_000),
      fc.integer({ min: 1, max: 140 }),
      fc.nat(7_000_000),
      (start, length, present) => {
        const offset = windowFor(start, start + length, present);
        expect(offset).toBeLessThanOrEqual(start);
        expect(offset + windowRows).toBeGreaterThanOrEqual(start + length);
        expect(windowFor(start, start + length, offset)).toBe(offset);
      },
    ),
  );
});

test('headers cycle: best first, the other way, none', () => {
  const text: ColumnType = { kind: 'text' };
  const date: ColumnType = { kind: 'date' };
  const first = nextOrder([], 'c', date);
  expect(first).toEqual([{ column: 'c', descending: true }]);
  expect(nextOrder(first, 'c', date)).toEqual([{ column: 'c', descending: false }]);
  expect(nextOrder([{ column: 'c', descending: false }], 'c', date)).toEqual([]);
  expect(nextOrder(first, 't', text)).toEqual([{ column: 't', descending: false }]);
});

test('columns with a role come first; money says its currency; identifiers are plain', () => {
  const { head } = fakeOrders(1);
  expect(columnsOf(head).slice(0, 3)).toEqual(['c1', 'c2', 'c7']);
  const columns = gridColumns(head, ['c5', 'c1']);
  expect(columns.map(({ heading, numeric, plain }) => [heading, numeric, plain])).toEqual([
    ['c5 (EUR)', true, false],
    ['c1', false, true],
  ]);
});

test('linked columns stand together under their link', () => {
  const { head } = fakeOrders(1);
  const linked = {
    ...head,
    profile: {
      ...head.profile,
      links: [{ id: 'k', label: 'Client', column: 'c7', dataset: 'x', key: 'id' }],
    },
  };
  const columns = grouped(['k.name', 'c1', 'k.city']);
  expect(columns).toEqual(['c1', 'k.name', 'k.city']);
  expect(headerGroups(columns, linked)).toEqual([
    { link: undefined, span: 1 },
    { link: 'Client', span: 2 },
  ]);
});

test('what people type becomes a filter, the last value included', () => {
  expect(typedFilter('c', { kind: 'text' }, { text: ' Ab ' })).toEqual({
    op: 'contains',
    column: 'c',
    text: 'Ab',
  });
  expect(typedFilter('c', { kind: 'text' }, { text: ' ' })).toBeUndefined();
  expect(typedFilter('c', { kind: 'date' }, { from: '2011-01-01', to: '2011-01-31' })).toEqual({
    op: 'range',
    column: 'c',
    from: '2011-01-01',
    to: '2011-02-01',
  });
  const money: ColumnType = { kind: 'decimal', precision: 18, scale: 2 };
  expect(typedFilter('c', money, { from: '-0,50', to: '12.5' })).toEqual({
    op: 'range',
    column: 'c',
    from: '-0.50',
    to: '12.51',
  });
  expect(typedFilter('c', { kind: 'int64' }, { to: '9007199254740993' })).toMatchObject({
    to: '9007199254740994',
  });
  expect(typedFilter('c', { kind: 'int32' }, { from: '1.5', to: '3.5' })).toMatchObject({ from: 2, to: 4 });
  expect(typedFilter('c', { kind: 'float64' }, { to: '1' })).toMatchObject({ to: 1 + 2 ** -52 });
  expect(typedFilter('c', { kind: 'int32' }, { from: 'many' })).toBeUndefined();
  expect(typedFilter('c', { kind: 'bool' }, { text: 'true' })).toEqual({
    op: 'in',
    column: 'c',
    values: [true],
  });
});

test('cells with tabs, quotes and line ends survive a paste', () => {
  expect(
    tsvOf([
      ['a', 'b\tc'],
      ['say "x"', 'two\nlines'],
    ]),
  ).toBe('a\t"b\tc"\n"say ""x"""\t"two\nlines"');
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Literal } from '../../protocol/column.ts';
import type { Filter } from '../../protocol/query.ts';
import { matches } from '../gallery/fake-table.ts';
import { conditionsOf, emptyCondition, filterOf, inputText, opsFor, typedLiteral } from './conditions.ts';

const columns = ['t', 'n'] as const;
const value: fc.Arbitrary<Literal> = fc.constantFrom('', 'a', 'ab', 'b', null);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 3, depthIdentifier: 'f' },
    fc.record({
      op: fc.constant('in' as const),
      column: fc.constant('t'),
      values: fc.array(value, { minLength: 1 }),
    }),
    fc.record({
      op: fc.constant('range' as const),
      column: fc.constant('n'),
      from: fc.integer({ min: 0, max: 3 }),
      to: fc.integer({ min: 0, max: 3 }),
    }),
    fc.record({
      op: fc.constantFrom('contains' as const, 'starts' as const),
      column: fc.constant('t'),
      text: fc.constantFrom('a', 'b', 'ab'),
    }),
    fc.record({ op: fc.constant('not' as const), of: tie('filter') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('filter'), { minLength: 1, maxLength: 3 }),
    }),
  ),
}));
/** All rows there can be. */
const rows = ['', 'a', 'ab', 'b', null].flatMap((t) => [0, 1, 2, 3].map((n) => ({ t, n })));

describe('conditions', () => {
  it('of any filter keep the same rows', () => {
    fc.assert(
      fc.property(filter, (given) => {
        const again = filterOf(conditionsOf(given), (column) => column === 't');
        // “Is empty” of a text takes empty texts with it; that widening is the one difference there may be.
        const widened = /\[null(,null)*\]/.test(JSON.stringify(given));
        if (widened) return;
        for (const row of rows) expect(matches(again, row)).toBe(matches(given, row));
      }),
      { numRuns: 500 },
    );
    expect(columns.length).toBe(2);
  });
  it('that ask nothing are no filter', () => {
    expect(filterOf(emptyCondition('t', 'in'), () => true)).toBeUndefined();
    expect(
      filterOf({ join: 'or', negated: true, of: [emptyCondition('t', 'contains')] }, () => true),
    ).toBeUndefined();
    expect(filterOf({ ...emptyCondition('t', 'empty'), negated: true }, () => true)).toEqual({
      op: 'not',
      of: { op: 'in', column: 't', values: [null, ''] },
    });
    expect(filterOf(emptyCondition('n', 'empty'), () => false)).toEqual({
      op: 'in',
      column: 'n',
      values: [null],
    });
  });
  it('a group of one is that one', () => {
    const one = { ...emptyCondition('t', 'starts'), text: 'a' };
    expect(
      filterOf({ join: 'and', negated: false, of: [one, emptyCondition('t', 'in')] }, () => true),
    ).toEqual({
      op: 'starts',
      column: 't',
      text: 'a',
    });
  });
  it('every type has something to ask', () => {
    for (const kind of ['text', 'bool', 'int32', 'float64', 'date', 'timestamp'] as const)
      expect(opsFor({ kind })).toContain('empty');
  });
});

describe('typed literals', () => {
  const decimal = { kind: 'decimal', precision: 18, scale: 2 } as const;
  it('are read by type, commas as points, days at their zone’s midnight', () => {
    expect(typedLiteral(' 12,50 ', decimal)).toBe('12,50'.replace(',', '.'));
    expect(typedLiteral('7', { kind: 'int32' })).toBe(7);
    expect(typedLiteral('9007199254740993', { kind: 'int64' })).toBe('9007199254740993');
    expect(typedLiteral('=1+1', decimal)).toBeUndefined();
    expect(typedLiteral('1e400', { kind: 'float64' })).toBeUndefined();
    expect(typedLiteral(' a ', { kind: 'text' })).toBe(' a ');
    const paris = { from: [-8.64e15], offsetMs: [3_600_000] };
    const literal = typedLiteral('2011-03-27', { kind: 'timestamp' }, paris);
    expect(literal).toBe('2011-03-26T23:00:00.000Z');
    expect(inputText(literal, { kind: 'timestamp' }, paris)).toBe('2011-03-27');
    expect(inputText(undefined, decimal)).toBe('');
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseFilter, printFilter } from './filter-text.ts';
import type { Filter } from './query.ts';
import { emptyWorkspace, views, type Workspace } from './workspace.ts';
import { parseWorkspace, printWorkspace } from './workspace-url.ts';

const wellFormed = fc.string({ unit: 'grapheme', minLength: 1 });
const literal = fc.oneof(
  fc.string({ unit: 'binary' }),
  wellFormed,
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    'null',
    'true',
    '12.50',
    '2011-12-09',
    '-0',
    '',
    'United Kingdom',
    'a,b',
    'x(y)',
    '"',
    '\\',
  ),
);
const { filter } = fc.letrec<{ filter: Filter }>((tie) => ({
  filter: fc.oneof(
    { maxDepth: 4, depthIdentifier: 'f' },
    fc.record({ op: fc.constant('in' as const), column: wellFormed, values: fc.array(literal) }),
    fc.record(
      { op: fc.constant('range' as const), column: wellFormed, from: literal, to: literal },
      { requiredKeys: ['op', 'column'] },
    ),
    fc.record({
      op: fc.constantFrom('contains' as const, 'starts' as const),
      column: wellFormed,
      text: fc.string(),
    }),
    fc.record({ op: fc.constant('not' as const), of: tie('filter') }),
    fc.record({
      op: fc.constantFrom('and' as const, 'or' as const),
      of: fc.array(tie('filter'), { maxLength: 3 }),
    }),
  ),
}));
const safeState = fc.dictionary(wellFormed, fc.jsonValue({ noUnicodeString: false }), {
  noNullPrototype: true,
});
const workspace: fc.Arbitrary<Workspace> = fc
  .record(
    {
      view: fc.constantFrom(...views),
      dataset: wellFormed,
      against: fc.constant('year' as const),
      filters: fc.dictionary(wellFormed, fc.record({ dataset: wellFormed, filter }), {
        noNullPrototype: true,
      }),
      period: fc.oneof(
        fc.record({
          kind: fc.constant('last' as const),
          count: fc.integer({ min: 1, max: 9999 }),
          unit: fc.constantFrom('day' as const, 'month' as const),
        }),
        fc.record({
          kind: fc.constantFrom('this' as const, 'past' as const),
          unit: fc.constantFrom('month' as const, 'year' as const),
        }),
        fc.constant({ kind: 'between' as const, from: '2011-01-01', to: '2011-02-01' }),
        fc.constant({ kind: 'between' as const, to: '2011-02-01' }),
      ),
      compare: fc.boolean(),
      record: fc.record({ dataset: wellFormed, row: fc.maxSafeNat() }),
      rows: fc.record({ dataset: wellFormed, filter }, { requiredKeys: ['dataset'] }),
      gadgets: fc.dictionary(wellFormed, safeState, { noNullPrototype: true }),
    },
    { requiredKeys: ['view', 'filters', 'compare', 'gadgets'] },
  )
  // Who compares with nothing compares against nothing.
  .map(({ against, ...rest }) => (against && rest.compare ? { ...rest, against } : rest));

/** JSON has no −0. */
const json = (value: object): unknown => JSON.parse(JSON.stringify(value));

describe('filter text', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(filter, (value) => {
        expect(json(parseFilter(printFilter(value)) ?? {})).toEqual(json(value));
      }),
    );
  });
  it('is readable', () => {
    expect(printFilter({ op: 'in', column: 'country', values: ['France', 'United Kingdom', null, 3] })).toBe(
      'in(country,France,United Kingdom,null,3)',
    );
    expect(printFilter({ op: 'range', column: 'amount', from: '12.50' })).toBe('range(amount,"12.50",)');
  });
  it('never crashes', () => {
    fc.assert(fc.property(fc.string(), (text) => void parseFilter(text)));
    expect(parseFilter(`${'not('.repeat(100_000)}`)).toBeUndefined();
  });
});

describe('workspace in the URL', () => {
  it('comes back as it was', () => {
    fc.assert(
      fc.property(workspace, (value) => {
        const parsed = parseWorkspace(printWorkspace(value));
        expect(parsed.dropped).toEqual([]);
        expect(json(parsed.workspace)).toEqual(json(value));
      }),
    );
  });
  it('survives the browser’s own encoding', () => {
    fc.assert(
      fc.property(workspace, (value) => {
        const address = new URL(`https://example.org/${printWorkspace(value)}`);
        expect(json(parseWorkspace(address.hash).workspace)).toEqual(json(value));
      }),
    );
  });
  it('never crashes on a URL by hand, and says what it dropped', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void parseWorkspace(text)));
    const { workspace: read, dropped } = parseWorkspace(
      '#/nowhere?data=shop&period=soon&f.a=in(country,France)&f.b=in(&s.c=[1]&record=-1@x&%E0%A4%A&x=1',
    );
    expect(read).toEqual({
      ...emptyWorkspace('home'),
      dataset: 'shop',
      filters: { a: { dataset: 'shop', filter: { op: 'in', column: 'country', values: ['France'] } } },
    });
    expect(dropped).toEqual(['nowhere', 'period', 'f.b', 's.c', 'record', '%E0%A4%A', 'x']);
  });
  it('is short', () => {
    expect(
      printWorkspace({
        ...emptyWorkspace('orders'),
        dataset: 'shop',
        period: { kind: 'last', count: 30, unit: 'day' },
        filters: {
          country: { dataset: 'shop', filter: { op: 'in', column: 'country', values: ['France'] } },
        },
        record: { dataset: 'shop', row: 12 },
      }),
    ).toBe('#/orders?data=shop&period=last-30-days&f.country=in(country,France)&record=12@shop');
  });
});

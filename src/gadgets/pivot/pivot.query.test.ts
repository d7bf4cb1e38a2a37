import { describe, expect, it } from 'vitest';
import type { Measure } from '../../protocol/profile.ts';
import { fakeShop } from '../gallery/fake-shop.ts';
import {
  cellsQuestion,
  columnsQuestion,
  flatQuestion,
  keyFilter,
  type PivotSubject,
  rowsQuestion,
  shareMeasures,
  wholeFormula,
  withinColumn,
} from './pivot.query.ts';
import { emptyPivot, placed, removed, swapped, toggledRow } from './pivot-state.ts';

const revenue: Measure = { id: 'r', label: 'Revenue', formula: 'sum(amount) / count()', format: 'money' };
const subject: PivotSubject = {
  dataset: 'orders',
  rows: [{ column: 'country' }, { column: 'at', grain: 'month' }],
  columns: [{ column: 'size', width: 10 }],
  measures: [revenue],
  where: { op: 'in', column: 'state', values: ['paid'] },
  sort: undefined,
  zone: 'Europe/Paris',
  zoneTable: { from: [-8.64e15], offsetMs: [3_600_000] },
  typeOf: () => ({ kind: 'timestamp' }),
};

describe('questions of a pivot', () => {
  it('asks windows, most first, time and bins as they come', () => {
    expect(rowsQuestion(subject, { path: [] }, 64)).toMatchObject({
      groupBy: [{ by: 'value', column: 'country' }],
      order: [{ by: 'r', descending: true }],
      offset: 64,
      limit: 64,
    });
    expect(columnsQuestion(subject, 0)).toMatchObject({ order: [{ by: 0, descending: false }], limit: 32 });
    const inner = rowsQuestion(subject, { path: ['France'] }, 0);
    expect(inner.order).toEqual([{ by: 0, descending: false }]);
    expect(inner.where).toEqual({
      op: 'and',
      of: [subject.where, { op: 'in', column: 'country', values: ['France'] }],
    });
  });

  it('asks the cells of a small level at once, of a large one those in sight', () => {
    const few = cellsQuestion(
      subject,
      { path: [] },
      { keys: ['France'], of: 40 },
      { keys: [[0], [10]], of: 12 },
    );
    expect(few?.where).toEqual(subject.where);
    const many = cellsQuestion(
      subject,
      { path: [] },
      { keys: ['France', null], of: 1000 },
      { keys: [[0], [10]], of: 1000 },
    );
    expect(many?.where).toEqual({
      op: 'and',
      of: [
        subject.where,
        { op: 'in', column: 'country', values: ['France', null] },
        { op: 'range', column: 'size', from: 0, to: 20 },
      ],
    });
  });

  it('running totals see all of what they go along', () => {
    const running = { ...subject, measures: [{ ...revenue, formula: 'running(sum(amount))' }] };
    const asked = cellsQuestion(
      running,
      { path: ['France'] },
      { keys: ['2011-01-01'], of: 1000 },
      { keys: [[0]], of: 1000 },
    );
    expect(JSON.stringify(asked?.where)).not.toContain('"at"');
    expect(JSON.stringify(asked?.where)).toContain('"size"');
  });

  it('columns of several fields are the combinations there are', () => {
    const two: PivotSubject = { ...subject, columns: [{ column: 'size', width: 10 }, { column: 'shop' }] };
    expect(columnsQuestion(two, 0)).toMatchObject({
      groupBy: [
        { by: 'number', column: 'size' },
        { by: 'value', column: 'shop' },
      ],
      order: [
        { by: 0, descending: false },
        { by: 1, descending: false },
      ],
    });
    const cells = cellsQuestion(
      two,
      { path: [] },
      { keys: ['France'], of: 1000 },
      {
        keys: [
          [0, 'north'],
          [0, 'south'],
        ],
        of: 1000,
      },
    );
    expect(cells?.groupBy).toHaveLength(3);
    expect(JSON.stringify(cells?.where)).toContain('"values":["north","south"]');
    const sums = cellsQuestion(two, { path: [] }, { keys: ['France'], of: 9 }, { keys: [[0]], of: 3 });
    expect(sums?.groupBy).toEqual([
      { by: 'value', column: 'country' },
      expect.objectContaining({ by: 'number', column: 'size' }),
    ]);
    expect(columnsQuestion(two, 0, 1)?.groupBy).toHaveLength(1);
    const bySum = rowsQuestion(
      { ...two, sort: { by: 'r', descending: true, at: { values: [20] } } },
      { path: [] },
      0,
    );
    expect(bySum.measures.at(-1)).toMatchObject({
      formula: expect.stringContaining('if(size >= 20 and size < 30,'),
    });
    expect(withinColumn('sum(amount)', two.columns, [20, 'north'])).toBe(
      "sum(if(size >= 20 and size < 30 and shop = 'north', amount, null))",
    );
  });

  it('orders by one column alone', () => {
    expect(withinColumn('sum(amount) / count()', [{ column: 'size', width: 10 }], [20])).toBe(
      'sum(if(size >= 20 and size < 30, amount, null)) / count(if(size >= 20 and size < 30, true, null))',
    );
    expect(withinColumn('share(distinct(x))', [{ column: 'at', grain: 'month' }], ['2011-01-01'])).toBe(
      "share(distinct(if(startof('month', at) = '2011-01-01', x, null)))",
    );
    expect(withinColumn('count()', [{ column: 'c' }], [null])).toBe('count(if(isnull(c), true, null))');
    const sorted = rowsQuestion(
      { ...subject, sort: { by: 'r', descending: false, at: { values: [10] } } },
      { path: [] },
      0,
    );
    expect(sorted.order).toEqual([{ by: 'x_order', descending: false }]);
    expect(sorted.measures).toHaveLength(2);
  });

  it('puts measures that are named in their place', () => {
    const [{ head }] = fakeShop();
    const [first] = head.profile.measures;
    expect(wholeFormula(`${first!.id} / 2`, head)).toBe(`${first!.formula} / 2`);
    expect(wholeFormula('1 +', head)).toBe('1 +');
  });

  it('filters bins by their ends, days on the clock of the table', () => {
    expect(keyFilter(subject, { column: 'at', grain: 'month' }, '2011-12-01')).toEqual({
      op: 'range',
      column: 'at',
      from: '2011-11-30T23:00:00.000Z',
      to: '2011-12-31T23:00:00.000Z',
    });
    const dated: PivotSubject = { ...subject, typeOf: () => ({ kind: 'date' }) };
    expect(keyFilter(dated, { column: 'day', grain: 'quarter' }, '2011-10-01')).toMatchObject({
      from: '2011-10-01',
      to: '2012-01-01',
    });
    expect(keyFilter(dated, { column: 'day', grain: 'week' }, null)).toEqual({
      op: 'in',
      column: 'day',
      values: [null],
    });
  });

  it('a share of the whole is of the whole in every cell', () => {
    expect(
      shareMeasures([{ ...revenue, formula: 'share(sum(a)) * share(count())' }]).map(
        ({ formula }) => formula,
      ),
    ).toEqual(['sum(a)', 'count()']);
    expect(flatQuestion(subject).groupBy).toHaveLength(3);
  });
});

describe('the state of a pivot', () => {
  it('a field is in one place, beside the others there', () => {
    const one = placed(placed(emptyPivot, { column: 'a' }, 'rows'), { column: 'b' }, 'columns');
    const moved = placed(one, { column: 'a' }, 'columns');
    expect([moved.rows, moved.columns]).toEqual([[], [{ column: 'b' }, { column: 'a' }]]);
    expect(swapped(one)).toMatchObject({ rows: [{ column: 'b' }], columns: [{ column: 'a' }] });
    expect(removed(one, 'b').columns).toEqual([]);
    const front = placed({ ...one, rows: [{ column: 'a' }, { column: 'c' }] }, { column: 'c' }, 'rows', 0);
    expect(front.rows.map(({ column }) => column)).toEqual(['c', 'a']);
  });

  it('closing a row closes what is open in it', () => {
    const open = toggledRow(toggledRow(emptyPivot, ['x']), ['x', 1]);
    expect(toggledRow(open, ['x']).open).toEqual([]);
    expect(placed({ ...emptyPivot, open: [['x']] }, { column: 'a' }, 'rows').open).toEqual([]);
  });
});

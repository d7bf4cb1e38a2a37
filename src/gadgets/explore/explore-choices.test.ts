import { describe, expect, it } from 'vitest';
import { parseFormula } from '../../protocol/formula-parse.ts';
import { fakeHead, fakeOrders } from '../gallery/fake-shop.ts';
import {
  aggregatedBy,
  aggregations,
  columnMeasures,
  dimensionColumns,
  formulaOf,
  numberColumns,
  simpleOf,
} from './explore-choices.ts';

const { head } = fakeOrders(5);
const revenue = head.profile.measures[1]!;

describe('aggregation', () => {
  it('every way reads back as itself, columns quoted', () => {
    for (const by of aggregations) {
      const formula = formulaOf({ by, column: 'odd "name"' });
      expect(() => parseFormula(formula)).not.toThrow();
      expect(simpleOf(formula)).toEqual({ by, column: 'odd "name"' });
    }
  });
  it('changes simple measures only, and their format where it is a count', () => {
    const label = (one: { label: string }, by: string): string => `${one.label} ${by}`;
    expect(aggregatedBy(revenue, 'mean', label)).toEqual({
      id: 'revenue.mean',
      label: 'Revenue mean',
      formula: 'mean("c5")',
      format: 'money',
    });
    expect(aggregatedBy(revenue, 'distinct', label).format).toBe('count');
    const ratio = head.profile.measures[2]!;
    expect(aggregatedBy(ratio, 'mean', label)).toBe(ratio);
    expect(simpleOf('no formula (')).toBeUndefined();
  });
});

describe('columns', () => {
  it('numbers without keys and names, the amount first', () => {
    expect(numberColumns(head)).toEqual(['c5', 'c6']);
    const lines = fakeHead(
      'l',
      [
        { id: 'a', name: 'order', type: { kind: 'int32' } },
        { id: 'b', name: 'line', type: { kind: 'int32' } },
        { id: 'c', name: 'weight', type: { kind: 'float64' } },
      ],
      { keys: ['b'], roles: { order: 'a' } },
    );
    expect(numberColumns(lines)).toEqual(['c']);
  });
  it('a sum a column that no measure sums', () => {
    const measures = columnMeasures(
      ['c5', 'c6'],
      head.profile.measures,
      (column) => column,
      () => false,
    );
    expect(measures).toEqual([{ id: 'x_sum.c6', label: 'c6', formula: 'sum("c6")', format: 'number' }]);
  });
  it('dimensions: the profile’s first, then texts, and those of linked tables', () => {
    const clients = fakeHead('clients', [
      { id: 'k1', name: 'client_id', type: { kind: 'text' } },
      { id: 'k2', name: 'segment', type: { kind: 'text' } },
    ]);
    const links = [{ id: 'client', label: 'Client', column: 'c7', dataset: 'clients', key: 'k1' }];
    const linked = { ...head, profile: { ...head.profile, links } };
    const { all, usual } = dimensionColumns(linked, [clients]);
    expect(usual).toEqual(['c4', 'c3']);
    expect(all).toEqual(['c4', 'c3', 'c7', 'client.k2', 'c1']);
    const plain = fakeHead('p', [
      { id: 'a', name: 'colour', type: { kind: 'text' } },
      { id: 'b', name: 'size', type: { kind: 'float64' } },
    ]);
    expect(dimensionColumns(plain).usual).toEqual(['a']);
  });
});

import { describe, expect, it } from 'vitest';
import { checkFormula, type FormulaPlace } from './check-formula.ts';
import { isExaError } from './errors.ts';
import type { Head } from './head.ts';
import type { Profile } from './profile.ts';

const profile: Profile = {
  part: 'orders',
  label: 'Orders',
  grain: 'line',
  keys: [],
  roles: { price: 'c2', amount: 'amount' },
  labels: { c2: 'Unit price' },
  links: [
    { id: 'client', label: 'Client', column: 'c4', dataset: 'clients', key: 'k1' },
    {
      id: 'shop',
      label: 'Shop',
      column: 'c4',
      dataset: 'shops',
      key: 'k1',
      copies: [{ column: 'k2', as: 'c6' }],
    },
  ],
  calculated: [
    { id: 'amount', label: 'Amount', formula: 'Quantity * "Unit price"' },
    { id: 'snake', label: 'Snake', formula: 'tail + 1' },
    { id: 'tail', label: 'Tail', formula: 'snake + 1' },
    { id: 'place', label: 'Place', formula: 'lower(client.country)' },
  ],
  measures: [
    { id: 'revenue', label: 'Revenue', formula: 'sum(amount)', format: 'money' },
    { id: 'orders', label: 'Orders', formula: 'distinct(Invoice)', format: 'count' },
  ],
  zone: 'UTC',
  currency: 'EUR',
  dimensions: [],
};
const base: Omit<Head, 'id' | 'name' | 'columns' | 'profile'> = {
  epoch: 'e',
  scope: 'public',
  version: 1,
  asOf: '2026-01-01T00:00:00Z',
  allocated: 0,
  revisions: [],
  live: [],
  zones: {},
};
const head: Head = {
  ...base,
  id: 'orders',
  name: 'orders',
  profile,
  columns: [
    { id: 'c1', name: 'Quantity', type: { kind: 'int32' } },
    { id: 'c2', name: 'UnitPrice', type: { kind: 'decimal', precision: 8, scale: 2 } },
    { id: 'c3', name: 'Invoice', type: { kind: 'text' } },
    { id: 'c4', name: 'Client', type: { kind: 'int32' } },
    { id: 'c5', name: 'Day', type: { kind: 'date' } },
    { id: 'c6', name: 'Rent', type: { kind: 'decimal', precision: 8, scale: 2 } },
  ],
};
const far = (id: string, currency: string): Head => ({
  ...base,
  id,
  name: id,
  columns: [
    { id: 'k1', name: 'id', type: { kind: 'int32' } },
    { id: 'k2', name: 'rent', type: { kind: 'decimal', precision: 8, scale: 2 } },
    { id: 'k3', name: 'country', type: { kind: 'text' } },
  ],
  profile: {
    ...profile,
    links: [],
    calculated: [],
    measures: [],
    labels: {},
    roles: { amount: 'k2' },
    currency,
  },
});
const linked = [far('clients', 'EUR'), far('shops', 'USD')];
const check = (text: string, kind: FormulaPlace['kind'], id?: string) =>
  checkFormula(text, { kind, head, linked, id });

describe('checking formulas', () => {
  it.each<[string, FormulaPlace['kind'], string, string]>([
    ['Quantity * UnitPrice', 'column', 'decimal', 'money'],
    ['amount / 2', 'column', 'float64', 'money'],
    ["datediff('hour', Day, '2012-01-01')", 'column', 'int64', 'hours'],
    ["Day - '2011-01-01'", 'column', 'int32', 'days'],
    ['client.country', 'column', 'text', 'none'],
    ['concat(place, client.country)', 'column', 'text', 'none'],
    ['shop.rent', 'column', 'decimal', 'money'],
    ['revenue / orders', 'measure', 'float64', 'money'],
    ['revenue / sum(UnitPrice)', 'measure', 'float64', 'none'],
    ['share(revenue)', 'measure', 'float64', 'percent'],
    ['count()', 'measure', 'int64', 'count'],
    ['running(mean(UnitPrice))', 'measure', 'float64', 'money'],
    ['sum(amount) + 5', 'measure', 'decimal', 'money'],
    ['distinct(client.country)', 'measure', 'int64', 'count'],
    ["sum(if(client.country = 'FR', amount, 0))", 'measure', 'decimal', 'money'],
    ['mean(shop.rent)', 'measure', 'float64', 'money'],
  ])('%s', (text, kind, type, unit) => {
    const checked = check(text, kind);
    expect([checked.type.kind, checked.unit.kind]).toEqual([type, unit]);
  });

  it.each<[string, FormulaPlace['kind'], string, string]>([
    ['1 + nosuch', 'column', 'nosuch', 'has no column “nosuch”'],
    ["Quantity + lower('a')", 'column', "Quantity + lower('a')", 'needs numbers on both sides'],
    ['2 * lower(Quantity)', 'column', 'lower(Quantity)', '“lower” needs texts, not a whole number'],
    ['2 + sum(Quantity)', 'column', 'sum(Quantity)', 'Make it a measure'],
    ['share(Quantity)', 'column', 'share(Quantity)', 'Make it a measure'],
    ['1 + snake', 'column', 'snake', 'comes back to itself'],
    ['sum(amount) + Quantity', 'measure', 'Quantity', 'many values of “Quantity”'],
    ['1 + sum(revenue)', 'measure', 'revenue', 'is a measure already'],
    ["if(client.country = 'FR', Quantity, 0)", 'column', 'Quantity', 'columns of one table'],
    ['UnitPrice + Rent', 'column', 'UnitPrice + Rent', 'Money in EUR and in USD is not added'],
    ["UnitPrice + (Day - '2011-01-01')", 'column', "UnitPrice + (Day - '2011-01-01')", 'Money and time'],
    ['round(Quantity, Quantity)', 'column', 'round(Quantity, Quantity)', 'digits written out'],
    ["startof('moon', Day)", 'column', "startof('moon', Day)", 'needs a unit first'],
    ['running(median(Quantity))', 'measure', 'running(median(Quantity))', 'of a quantile'],
    ['moving(revenue)', 'measure', 'moving', 'how many groups'],
    ['lower(Invoice', 'column', '', '“)” was expected'],
  ])('%s is wrong at its place', (text, kind, wrong, sentence) => {
    try {
      check(text, kind);
      expect.unreachable();
    } catch (error) {
      if (!isExaError(error, 'invalid', 'missing')) throw error;
      expect(error.message).toContain(sentence);
      expect(text.slice(Number(error.facts.at), Number(error.facts.end))).toBe(wrong);
    }
  });

  it('a formula does not name what it defines', () => {
    expect(() => check('amount + 1', 'column', 'amount')).toThrow('names itself');
    expect(() => check('revenue * 2', 'measure', 'revenue')).toThrow('names itself');
    expect(() => check('snake', 'column', 'tail')).toThrow('circle');
  });
});

import { describe, expect, it } from 'vitest';
import { fakeShop } from '../gallery/fake-shop.ts';
import {
  type Definition,
  definitionOf,
  freshId,
  isNameTaken,
  usersOf,
  withDefinition,
  withoutDefinition,
} from './profile-edit.ts';

const [{ head }] = fakeShop();
const margin: Definition = { kind: 'column', value: { id: 'margin', label: 'Margin', formula: '1' } };

describe('edits of a profile', () => {
  it('adds, replaces in place and removes', () => {
    const added = withDefinition(head.profile, margin);
    expect(definitionOf(added, 'column', 'margin')).toEqual(margin);
    const changed = withDefinition(added, { kind: 'column', value: { ...margin.value, formula: '2' } });
    expect(changed.calculated.map(({ id }) => id)).toEqual(added.calculated.map(({ id }) => id));
    expect(withoutDefinition(changed, 'column', 'margin')).toEqual(head.profile);
    const [first] = head.profile.measures;
    expect(withoutDefinition(head.profile, 'measure', first!.id).measures).not.toContainEqual(first);
  });

  it('takes what named a removed column with it', () => {
    const used = {
      ...withDefinition(head.profile, margin),
      dimensions: ['margin'],
      roles: { amount: 'margin', date: 'c2' },
      labels: { margin: 'M' },
    };
    const { dimensions, roles, labels } = withoutDefinition(used, 'column', 'margin');
    expect({ dimensions, roles, labels }).toEqual({ dimensions: [], roles: { date: 'c2' }, labels: {} });
  });

  it('knows what names a definition', () => {
    const profile = withDefinition(withDefinition(head.profile, margin), {
      kind: 'measure',
      value: { id: 'm', label: 'Mean margin', formula: 'mean(MARGIN) + count()', format: 'number' },
    });
    expect(usersOf({ ...head, profile }, 'column', 'margin')).toEqual(['Mean margin']);
    expect(usersOf({ ...head, profile }, 'measure', 'm')).toEqual([]);
  });

  it('makes ids from names, free ones', () => {
    expect(freshId('Größe in %', head)).toBe('große_in');
    expect(freshId('123', head)).toBe('f_123');
    expect(freshId('—', head)).toBe('f_formula');
    const [measure] = head.profile.measures;
    expect(freshId(measure!.id, head)).toBe(`${measure!.id}_2`);
    expect(isNameTaken(measure!.label.toUpperCase(), head, undefined)).toBe(true);
    expect(isNameTaken(measure!.label, head, measure!.id)).toBe(false);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { literalAt } from '../../arrow/build-column.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import { aggregateFunctions, operators, windowFunctions } from '../../protocol/formula.ts';
import { namedFunctions } from '../../protocol/formula-functions.ts';
import type { GroupKey } from '../../protocol/query.ts';
import { zoneTable } from '../../protocol/zone-table.ts';
import { aggregateKernel } from './aggregate.ts';
import { compileAggregate, compileRows } from './compile.ts';
import { evaluate } from './evaluate.ts';
import { testBlocks, testHead } from './table.testing.ts';

const page = readFileSync(new URL('../../../docs/formulas.md', import.meta.url), 'utf8');
const sections = page.split(/^## /m);

const types: Record<string, ColumnType> = {
  Invoice: { kind: 'text' },
  Country: { kind: 'text' },
  Quantity: { kind: 'int32' },
  Price: { kind: 'decimal', precision: 8, scale: 2 },
  Discount: { kind: 'float64' },
  Day: { kind: 'date' },
  At: { kind: 'timestamp' },
};

function rowsOf(section: string): string[][] {
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !line.startsWith('| write'))
    .map((line) =>
      line
        .slice(1, line.lastIndexOf('|'))
        .split('|')
        .map((cell) => cell.trim()),
    );
}

const [names, ...cells] = rowsOf(sections[0]!) as [string[], ...string[][]];
const rows = cells.map((row) =>
  Object.fromEntries(
    names.map((name, c): [string, Literal] => {
      const cell = row[c]!;
      const isNumber = types[name]!.kind === 'int32' || types[name]!.kind === 'float64';
      return [name, cell === '' ? null : isNumber ? Number(cell) : cell];
    }),
  ),
);
const head = testHead('orders', types, {
  profile: { zone: 'Europe/Paris' },
  zones: { 'Europe/Paris': zoneTable('Europe/Paris', 2011, 2013) },
});
const [block] = testBlocks(types, rows);

function ofRow(formula: string): Literal {
  const calculated = {
    ...head,
    profile: { ...head.profile, calculated: [{ id: 'x', label: 'X', formula }] },
  };
  const question = {
    kind: 'rows',
    dataset: 'orders',
    order: [],
    columns: ['x'],
    offset: 0,
    limit: 9,
  } as const;
  const [take] = compileRows(question, () => calculated).take;
  return literalAt(evaluate(take!, block!, types), 0);
}

function ofGroups(formula: string, groupBy: readonly GroupKey[]): Literal[] {
  const { spec, finish } = compileAggregate(
    {
      kind: 'aggregate',
      dataset: 'orders',
      groupBy,
      measures: [{ id: 'm', label: '', formula, format: 'number' }],
    },
    () => head,
  );
  const column = finish(aggregateKernel(spec).map(block!), new Map()).m!;
  return Array.from({ length: column.length }, (_, row) => literalAt(column, row));
}

const month: GroupKey = { by: 'time', column: 'Day', unit: 'month', zone: 'UTC' };

describe('the page of formulas', () => {
  for (const section of sections.slice(1)) {
    const title = section.slice(0, section.indexOf('\n'));
    for (const [, , , example, value] of rowsOf(section)) {
      const formula = example!.slice(1, -1);
      it(`${title}: ${formula}`, () => {
        const got =
          title === 'Measures'
            ? ofGroups(formula, [])
            : title === 'Over the groups of an answer'
              ? ofGroups(formula, [month])
              : [ofRow(formula)];
        expect(got.map(String).join(', ')).toBe(value);
      });
    }
  }

  it('has every function', () => {
    for (const name of [...namedFunctions, ...aggregateFunctions, ...windowFunctions])
      expect(page).toContain(`\`${name}(`);
    for (const name of operators) if (name !== 'neg') expect(page).toContain(name);
  });
});

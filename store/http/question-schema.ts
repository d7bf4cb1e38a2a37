import { Type } from '@sinclair/typebox';
import type { ColumnType } from '../../src/protocol/column.ts';
import { aggregateFunctions, type Formula, operators } from '../../src/protocol/formula.ts';
import { namedFunctions } from '../../src/protocol/formula-functions.ts';
import type { Measure } from '../../src/protocol/profile.ts';
import { type Filter, type GroupKey, type Question, timeUnits } from '../../src/protocol/query.ts';
import { literal, named, refer, strict, words, zoneTable } from './schema-parts.ts';

const column = Type.String({ minLength: 1, maxLength: 1000, description: 'A column reference.' });
const limit = Type.Integer({ minimum: 0, maximum: 1_000_000 });

export const filterSchema = named<Filter>('Filter', 'op', 'Which rows.', [
  Type.Object({ op: words(['and', 'or']), of: Type.Array(refer<Filter>('Filter')) }, strict),
  Type.Object({ op: words(['not']), of: refer<Filter>('Filter') }, strict),
  Type.Object({ op: words(['in']), column, values: Type.Array(literal) }, strict),
  Type.Object(
    { op: words(['range']), column, from: Type.Optional(literal), to: Type.Optional(literal) },
    strict,
  ),
  Type.Object({ op: words(['contains', 'starts']), column, text: Type.String() }, strict),
]);

export const groupKeySchema = named<GroupKey>('GroupKey', 'by', 'What rows are grouped by.', [
  Type.Object({ by: words(['value']), column }, strict),
  Type.Object(
    { by: words(['number']), column, origin: Type.Number(), width: Type.Number({ exclusiveMinimum: 0 }) },
    strict,
  ),
  Type.Object({ by: words(['time']), column, unit: words(timeUnits), zone: Type.String() }, strict),
]);

export const measureSchema = Type.Unsafe<Measure>(
  Type.Object(
    {
      id: Type.String({ minLength: 1, maxLength: 200 }),
      label: Type.String(),
      formula: Type.String({ maxLength: 10_000 }),
      format: words(['count', 'money', 'number', 'percent']),
    },
    { $id: 'Measure', ...strict },
  ),
);

const asked = Type.Object(
  {
    measure: Type.Optional(Type.String()),
    id: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    label: Type.Optional(Type.String()),
    formula: Type.Optional(Type.String({ maxLength: 10_000 })),
    format: Type.Optional(words(['count', 'money', 'number', 'percent'])),
  },
  {
    ...strict,
    description:
      'Either `measure` (the id of one of the profile) or a formula of one’s own: `id`, `label`, `formula`, `format`.',
  },
);

export const questionSchema = named<Question>('Question', 'kind', 'A question and its answer’s shape.', [
  Type.Object(
    {
      kind: words(['aggregate']),
      dataset: Type.String(),
      where: Type.Optional(refer<Filter>('Filter')),
      groupBy: Type.Array(refer<GroupKey>('GroupKey'), { maxItems: 16 }),
      measures: Type.Array(asked, { maxItems: 100 }),
      order: Type.Optional(
        Type.Array(
          Type.Object(
            {
              by: Type.Unsafe<number | string>({ type: ['integer', 'string'] }),
              descending: Type.Boolean(),
            },
            strict,
          ),
        ),
      ),
      offset: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
      limit: Type.Optional(limit),
      other: Type.Optional(Type.Boolean()),
    },
    strict,
  ),
  Type.Object(
    {
      kind: words(['rows']),
      dataset: Type.String(),
      where: Type.Optional(refer<Filter>('Filter')),
      order: Type.Array(Type.Object({ column, descending: Type.Boolean() }, strict), { maxItems: 16 }),
      columns: Type.Array(column, { maxItems: 1000 }),
      offset: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
      limit,
    },
    strict,
  ),
]);

/** Keys of one value of a lookup: those of a linked table of at most 65,536 rows. */
const lookupKeys = Type.Array(literal, { maxItems: 65_536 });

export const formulaSchema = named<Formula>('Formula', 'op', 'A parsed formula.', [
  Type.Object({ op: words(['column']), column }, strict),
  Type.Object({ op: words(['literal']), value: literal }, strict),
  Type.Object(
    {
      op: words(['call']),
      fn: words([...operators, ...namedFunctions]),
      args: Type.Array(refer<Formula>('Formula')),
      zone: Type.Optional(zoneTable),
    },
    strict,
  ),
  Type.Object(
    {
      op: words(['lookup']),
      of: refer<Formula>('Formula'),
      type: refer<ColumnType>('ColumnType'),
      entries: Type.Array(Type.Object({ value: literal, keys: lookupKeys }, strict), { maxItems: 65_536 }),
    },
    strict,
  ),
  Type.Object(
    {
      op: words(['aggregate']),
      fn: words(aggregateFunctions),
      of: Type.Optional(refer<Formula>('Formula')),
      q: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
    },
    strict,
  ),
]);

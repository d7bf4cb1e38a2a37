import { Type } from '@sinclair/typebox';
import type { BatchItem, BatchRequest } from '../../src/protocol/batch.ts';
import type { ColumnType } from '../../src/protocol/column.ts';
import type { Formula } from '../../src/protocol/formula.ts';
import type { FilterSpec, GroupSpec, KernelSpec, StateSpec } from '../../src/protocol/kernel.ts';
import { timeUnits } from '../../src/protocol/query.ts';
import {
  blockNumber,
  literal,
  named,
  refer,
  strict,
  versionNumber,
  words,
  zoneTable,
} from './schema-parts.ts';

export const columnTypeSchema = named<ColumnType>('ColumnType', 'kind', 'The logical type of a column.', [
  Type.Object({ kind: words(['bool', 'int32', 'int64', 'float64', 'date', 'timestamp', 'text']) }, strict),
  Type.Object(
    {
      kind: words(['decimal']),
      precision: Type.Integer({ minimum: 1, maximum: 18 }),
      scale: Type.Integer({ minimum: 0, maximum: 18 }),
    },
    strict,
  ),
]);

const operand = refer<Formula>('Formula');

export const filterSpecSchema = named<FilterSpec>('FilterSpec', 'op', 'Which rows, after planning.', [
  Type.Object({ op: words(['and', 'or']), of: Type.Array(refer<FilterSpec>('FilterSpec')) }, strict),
  Type.Object({ op: words(['not']), of: refer<FilterSpec>('FilterSpec') }, strict),
  Type.Object({ op: words(['in']), operand, values: Type.Array(literal) }, strict),
  Type.Object(
    { op: words(['range']), operand, from: Type.Optional(literal), to: Type.Optional(literal) },
    strict,
  ),
  Type.Object({ op: words(['contains', 'starts']), operand, text: Type.String() }, strict),
]);

export const groupSpecSchema = named<GroupSpec>('GroupSpec', 'by', 'A group key after planning.', [
  Type.Object({ by: words(['value']), operand }, strict),
  Type.Object(
    { by: words(['number']), operand, origin: Type.Number(), width: Type.Number({ exclusiveMinimum: 0 }) },
    strict,
  ),
  Type.Object({ by: words(['time']), operand, unit: words(timeUnits), zone: zoneTable }, strict),
]);

export const stateSpecSchema = named<StateSpec>('StateSpec', 'state', 'What is kept per group.', [
  Type.Object({ state: words(['rows']) }, strict),
  Type.Object({ state: words(['count', 'sum', 'minmax', 'moments', 'distinct', 'values']), operand }, strict),
]);

const columns = Type.Record(Type.String(), refer<ColumnType>('ColumnType'));

export const kernelSpecSchema = named<KernelSpec>('KernelSpec', 'kernel', 'A planned question.', [
  Type.Object(
    {
      kernel: words(['aggregate']),
      columns,
      where: Type.Optional(refer<FilterSpec>('FilterSpec')),
      groupBy: Type.Array(refer<GroupSpec>('GroupSpec'), { maxItems: 16 }),
      states: Type.Array(refer<StateSpec>('StateSpec'), { maxItems: 200 }),
    },
    strict,
  ),
  Type.Object(
    {
      kernel: words(['top']),
      columns,
      where: Type.Optional(refer<FilterSpec>('FilterSpec')),
      order: Type.Array(Type.Object({ operand, descending: Type.Boolean() }, strict), { maxItems: 16 }),
      take: Type.Array(operand, { maxItems: 1000 }),
      limit: Type.Integer({ minimum: 0, maximum: 1_000_000 }),
    },
    strict,
  ),
]);

/** Most blocks or nodes one item may name. */
const maxPlaces = 65_536;

const dataset = Type.String({ minLength: 1 });
const epoch = Type.String({ minLength: 1 });
const columnId = Type.String({ minLength: 1 });

export const batchItemSchema = named<BatchItem>('BatchItem', 'kind', 'What a batch can be asked for.', [
  Type.Object(
    {
      kind: words(['pages']),
      dataset,
      epoch,
      column: columnId,
      blocks: Type.Array(blockNumber, { maxItems: maxPlaces }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: words(['patch']),
      dataset,
      epoch,
      columns: Type.Array(columnId, { maxItems: 1000 }),
      blocks: Type.Array(Type.Object({ block: blockNumber, since: versionNumber }, strict), {
        maxItems: maxPlaces,
      }),
    },
    strict,
  ),
  Type.Object(
    {
      kind: words(['partials']),
      dataset,
      epoch,
      kernel: refer<KernelSpec>('KernelSpec'),
      nodes: Type.Array(
        Type.Object({ level: Type.Integer({ minimum: 0, maximum: 16 }), index: blockNumber }, strict),
        { maxItems: maxPlaces },
      ),
    },
    strict,
  ),
]);

export const batchRequestSchema = Type.Unsafe<BatchRequest>(
  Type.Object(
    {
      items: Type.Array(refer<BatchItem>('BatchItem'), { minItems: 1, maxItems: 1024 }),
      name: Type.Optional(
        Type.String({ maxLength: 64, description: 'Unlike every other; its answer repeats it.' }),
      ),
    },
    { $id: 'BatchRequest', ...strict, description: 'All items are read in one transaction.' },
  ),
);

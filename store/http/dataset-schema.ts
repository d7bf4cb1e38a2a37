import { Type } from '@sinclair/typebox';
import type { Receipt } from '../../src/protocol/change.ts';
import type { ColumnInfo, ColumnType } from '../../src/protocol/column.ts';
import { errorTags } from '../../src/protocol/errors.ts';
import type { DatasetSummary, Head } from '../../src/protocol/head.ts';
import type { ImportRequest } from '../../src/protocol/import-columns.ts';
import { type Measure, type Profile, parts, roles } from '../../src/protocol/profile.ts';
import { refer, strict, versionNumber, words } from './schema-parts.ts';

const name = Type.String({ minLength: 1, maxLength: 200 });
const text = Type.String({ maxLength: 10_000 });

export const profileSchema = Type.Unsafe<Profile>(
  Type.Object(
    {
      part: words(parts),
      label: text,
      grain: words(['order', 'line', 'row']),
      keys: Type.Array(name),
      roles: Type.Object(Object.fromEntries(roles.map((role) => [role, Type.Optional(name)])), strict),
      labels: Type.Record(Type.String(), text),
      links: Type.Array(
        Type.Object(
          {
            id: name,
            label: text,
            column: name,
            dataset: name,
            key: name,
            copies: Type.Optional(
              Type.Array(Type.Object({ column: name, as: name }, strict), {
                maxItems: 100,
                description: 'Columns of the linked table kept in this one by the store.',
              }),
            ),
          },
          strict,
        ),
      ),
      calculated: Type.Array(Type.Object({ id: name, label: text, formula: text }, strict)),
      measures: Type.Array(refer<Measure>('Measure')),
      zone: Type.String({ minLength: 1, maxLength: 100 }),
      document: Type.Optional(
        Type.String({
          pattern: '^https?://',
          maxLength: 2000,
          description:
            'Address of a row’s own document elsewhere, with columns in braces: https://erp.example/{order_id}',
        }),
      ),
      currency: Type.Optional(Type.String({ pattern: '^[A-Z]{3}$', description: 'ISO 4217' })),
      dimensions: Type.Array(text),
      rollUp: Type.Optional(
        Type.Object(
          {
            dataset: name,
            by: name,
            columns: Type.Array(Type.Object({ column: name, formula: text }, strict), { maxItems: 100 }),
          },
          { ...strict, description: 'Rows are the groups of another table, kept by the store.' },
        ),
      ),
    },
    { $id: 'Profile', ...strict, description: 'What a table means.' },
  ),
);

const columnInfo = Type.Unsafe<ColumnInfo>(
  Type.Object({ id: name, name, type: refer<ColumnType>('ColumnType') }, strict),
);
const isoTime = Type.String({ description: 'ISO 8601 time' });
const counts = Type.Array(versionNumber);

export const summarySchema = Type.Unsafe<DatasetSummary>(
  Type.Object(
    {
      id: name,
      name,
      epoch: name,
      version: versionNumber,
      asOf: isoTime,
      rows: versionNumber,
      bytes: versionNumber,
      profile: refer<Profile>('Profile'),
      cache: Type.Optional(Type.Literal('memory')),
    },
    { $id: 'DatasetSummary' },
  ),
);

export const headSchema = Type.Unsafe<Head>(
  Type.Object(
    {
      id: name,
      name,
      epoch: name,
      scope: name,
      version: versionNumber,
      asOf: isoTime,
      allocated: versionNumber,
      columns: Type.Array(columnInfo),
      profile: refer<Profile>('Profile'),
      revisions: counts,
      live: counts,
      zones: Type.Record(
        Type.String(),
        Type.Object({ from: Type.Array(Type.Number()), offsetMs: Type.Array(Type.Number()) }),
      ),
      cache: Type.Optional(
        Type.Literal('memory', { description: 'Nothing of it may be kept on the asker’s disk.' }),
      ),
    },
    { $id: 'Head' },
  ),
);

export const receiptSchema = Type.Unsafe<Receipt>(
  Type.Object(
    {
      version: versionNumber,
      asOf: isoTime,
      appended: versionNumber,
      updated: versionNumber,
      deleted: versionNumber,
    },
    { $id: 'Receipt' },
  ),
);

export const problemSchema = Type.Object(
  {
    type: Type.String(),
    title: Type.String(),
    status: Type.Integer(),
    detail: Type.String({ description: 'One sentence: what, where, what to do.' }),
    tag: words(errorTags),
    message: Type.String(),
    facts: Type.Optional(Type.Record(Type.String(), Type.Unknown())),
  },
  { $id: 'Problem', description: 'RFC 9457 problem details.' },
);

/** The body of `POST /imports`. */
export const importRequestSchema = Type.Unsafe<ImportRequest>(
  Type.Object(
    {
      name,
      mode: words(['create', 'replace', 'append', 'upsert']),
      columns: Type.Array(Type.Object({ name, type: refer<ColumnType>('ColumnType') }, strict), {
        minItems: 1,
        maxItems: 10_000,
      }),
      profile: refer<Profile>('Profile'),
    },
    { $id: 'ImportRequest', ...strict, description: 'The profile speaks of column names.' },
  ),
);

import { randomBytes } from 'node:crypto';
import type { DuckDBConnection } from '@duckdb/node-api';
import { keysOf, refuseMaintained } from '../../../src/arrow/prepare-rows.ts';
import type { Receipt } from '../../../src/protocol/change.ts';
import { blockRows, type ColumnInfo } from '../../../src/protocol/column.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import {
  checkTarget,
  type ImportRequest,
  importTarget,
  stagedColumns,
} from '../../../src/protocol/import-columns.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import { resolveProfile } from '../../../src/protocol/profile-references.ts';
import { checkKeys, checkZone } from './apply-profile.ts';
import { blocksIn, type Catalogue, type DatasetState, rowsOf } from './catalogue.ts';
import { sqlType } from './column-type.ts';
import { keepFormerValues } from './former-values.ts';
import type { Staged } from './import-session.ts';
import { quoted } from './table-names.ts';
import {
  type Draft,
  draftOf,
  noDataset,
  rowsByBlock,
  type Transaction,
  touchBlocks,
  wholeRows,
} from './transaction.ts';
import type { Writer } from './writer.ts';

type ImportReceipt = Receipt & { readonly dataset: string };

/** Makes what was staged part of the store: one transaction, one version. Throws, and changes nothing, otherwise. */
export async function commitImport(
  connection: DuckDBConnection,
  writer: Writer,
  options: ImportRequest,
  staged: Staged,
): Promise<ImportReceipt> {
  const known = importTarget(writer.catalogue, options);
  if (known && options.mode !== 'replace')
    return await writer.alone((transaction) =>
      mergeRows(transaction, targetOf(transaction, options), options, staged),
    );
  // Nobody else sees the staging table, so it is checked before other writes have to wait.
  const profile = resolveProfile(withKeptCopies(options.profile, known), staged.columns, 'names');
  checkZone(profile);
  await checkKeys({ connection }, staged.table, staged.columns, profile.keys);
  return await writer.alone((transaction) => {
    const target = importTarget(transaction.before, options);
    checkTarget(target, options);
    return installTable(transaction, target, options.name, profile, staged);
  });
}

/** A table that is replaced goes on keeping the columns that it kept of others, unless its new profile says otherwise. */
function withKeptCopies(profile: Profile, target: DatasetState | undefined): Profile {
  if (!target) return profile;
  const nameOf = new Map(target.columns.map(({ id, name }) => [id, name]));
  const links = profile.links.map((link) => {
    const known = target.profile.links.find(({ id }) => id === link.id);
    if (link.copies || !known?.copies) return link;
    return { ...link, copies: known.copies.map((copy) => ({ ...copy, as: nameOf.get(copy.as) ?? copy.as })) };
  });
  return { ...profile, links };
}

function targetOf(transaction: Transaction, options: ImportRequest): DatasetState {
  const target = importTarget(transaction.before, options);
  checkTarget(target, options);
  if (!target) throw noDataset(options.name);
  return target;
}

/** The staging table becomes the data set's table: no row is copied, and all are of this version. */
async function installTable(
  transaction: Transaction,
  target: DatasetState | undefined,
  name: string,
  profile: Profile,
  { table, columns, rows, years }: Staged,
): Promise<ImportReceipt> {
  const { connection, version, asOf } = transaction;
  if (profile.rollUp && rows > 0)
    throw new ExaError('invalid', `${name} is a roll-up: the store makes its rows. Import it without any.`);
  const live = Array.from({ length: blocksIn(rows) }, (_, block) =>
    Math.min(blockRows, rows - block * blockRows),
  );
  const numbers = columns.map(({ id }) => Number(id.slice(1)) + 1);
  const state: DatasetState = {
    id: target?.id ?? freeId(transaction.before, name),
    name: target?.name ?? name,
    epoch: randomBytes(8).toString('hex'),
    table,
    base: version,
    version,
    asOf,
    columns,
    nextColumn: Math.max(target?.nextColumn ?? 1, ...numbers),
    profile,
    years,
    allocated: rows,
    revisions: live.map(() => version),
    live,
  };
  if (target) await connection.run(`DROP TABLE ${quoted(target.table)}`);
  transaction.drafts.set(state.id, {
    state,
    headChanged: true,
    touched: new Set(live.keys()),
    written: new Set([wholeRows]),
  });
  return { version, asOf, appended: rows, updated: 0, deleted: 0, dataset: state.id };
}

/** A short name for addresses, never used before among those here: `Online Retail` is `online-retail`. */
function freeId({ datasets }: Catalogue, name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '');
  const stem = plain.slice(0, 60) || 'data';
  for (let i = 1; ; i++) {
    const id = i === 1 ? stem : `${stem}-${i}`;
    if (!datasets.has(id)) return id;
  }
}

async function mergeRows(
  transaction: Transaction,
  target: DatasetState,
  options: ImportRequest,
  staged: Staged,
): Promise<ImportReceipt> {
  const { connection, version, asOf } = transaction;
  const draft = draftOf(transaction, target.id);
  draft.written.add(wholeRows);
  refuseMaintained(
    draft.state,
    options.columns.map(({ name }) => name),
  );
  await fitColumns(transaction, draft, options, staged);
  if (draft.state.profile.keys.length === 0 && options.profile.keys.length && options.mode === 'upsert') {
    const { keys } = resolveProfile(
      { ...draft.state.profile, keys: options.profile.keys },
      draft.state.columns,
      'names',
    );
    await checkKeys(transaction, draft.state.table, draft.state.columns, keys);
    draft.state = { ...draft.state, profile: { ...draft.state.profile, keys } };
    draft.headChanged = true;
  }
  widenDraftYears(draft, staged);
  const keys = keysOf(draft.state);
  if (options.mode === 'upsert' && keys.length === 0)
    throw new ExaError('invalid', `${target.name} has no declared key to upsert by: name one, or append.`);
  await checkStagedKeys(transaction, target, keys, staged, options.mode === 'append');
  const counts = keys.length
    ? await upsertRows(transaction, draft, keys, staged)
    : await insertAll(transaction, draft, staged);
  await connection.run(`DROP TABLE ${quoted(staged.table)}`);
  return { version, asOf, ...counts, deleted: 0, dataset: target.id };
}

/** Adds the columns that are new. The table may have gained some since the session began. */
async function fitColumns(
  { connection, before }: Transaction,
  draft: Draft,
  options: ImportRequest,
  { table, columns: staged }: Staged,
): Promise<void> {
  const columns = stagedColumns(before, options);
  const added = columns.filter(({ id }) => !draft.state.columns.some((known) => known.id === id));
  for (let i = 0; i < columns.length; i++)
    if (columns[i]!.id !== staged[i]!.id)
      throw new ExaError(
        'conflict',
        'The data set got other columns while this was imported: import again.',
        {
          facts: { table },
        },
      );
  for (const { id, type } of added)
    await connection.run(
      `ALTER TABLE ${quoted(draft.state.table)} ADD COLUMN ${quoted(id)} ${sqlType(type)}`,
    );
  if (added.length === 0) return;
  draft.headChanged = true;
  draft.state = {
    ...draft.state,
    columns: [...draft.state.columns, ...added],
    nextColumn: Math.max(draft.state.nextColumn, ...added.map(({ id }) => Number(id.slice(1)) + 1)),
  };
}

function widenDraftYears(draft: Draft, { years }: Staged): void {
  const known = draft.state.years;
  if (!years || (known && known[0] <= years[0] && known[1] >= years[1])) return;
  draft.state = {
    ...draft.state,
    years: known ? [Math.min(known[0], years[0]), Math.max(known[1], years[1])] : years,
  };
  draft.headChanged = true;
}

async function checkStagedKeys(
  transaction: Transaction,
  target: DatasetState,
  keys: readonly ColumnInfo[],
  staged: Staged,
  append: boolean,
): Promise<void> {
  for (const { id, name } of keys) {
    if (!staged.columns.some((column) => column.id === id))
      throw new ExaError(
        'invalid',
        `Rows of ${target.name} need a value for ${name}: it is part of the key.`,
        {
          facts: { column: name },
        },
      );
    const [empty] = await rowsOf(
      transaction.connection,
      `SELECT min(_row) FROM ${quoted(staged.table)} WHERE ${quoted(id)} IS NULL`,
    );
    if (empty && empty[0] !== null)
      throw new ExaError('invalid', `Row ${Number(empty[0]) + 1} has no ${name}, which is part of the key.`, {
        facts: { column: name, row: Number(empty[0]) + 1 },
      });
  }
  if (!append || keys.length === 0) return;
  await checkKeys(
    transaction,
    staged.table,
    staged.columns,
    keys.map(({ id }) => id),
  );
  const same = keys.map(({ id }) => `t.${quoted(id)} = s.${quoted(id)}`).join(' AND ');
  const [known] = await rowsOf(
    transaction.connection,
    `SELECT min(s._row) FROM ${quoted(staged.table)} s JOIN ${quoted(target.table)} t ON ${same} WHERE t._live`,
  );
  if (known && known[0] !== null)
    throw new ExaError(
      'invalid',
      `Row ${Number(known[0]) + 1}: ${target.name} already has a row with its key. Use upsert to change it.`,
      { facts: { row: Number(known[0]) + 1 } },
    );
}

interface Counts {
  readonly appended: number;
  readonly updated: number;
}

/** Columns of the table in its order, as the staging table gives them. */
function selected({ columns }: DatasetState, staged: Staged): string {
  return columns
    .map(({ id }) => (staged.columns.some((column) => column.id === id) ? `, s.${quoted(id)}` : ', NULL'))
    .join('');
}

async function insertAll(
  { connection, version }: Transaction,
  draft: Draft,
  staged: Staged,
): Promise<Counts> {
  const { state } = draft;
  const first = state.allocated;
  await connection.run(
    `INSERT INTO ${quoted(state.table)} SELECT ${first} + s._row, ${version}, true${selected(state, staged)} FROM ${quoted(staged.table)} s`,
  );
  touchBlocks(draft, version, rowsByBlock(first, staged.rows), first + staged.rows);
  return { appended: staged.rows, updated: 0 };
}

/** By key: the last row staged with it wins; new keys are numbered in the order in which they first came. */
async function upsertRows(
  transaction: Transaction,
  draft: Draft,
  keys: readonly ColumnInfo[],
  staged: Staged,
): Promise<Counts> {
  const { connection, version } = transaction;
  const { state } = draft;
  const list = keys.map(({ id }) => quoted(id)).join(', ');
  const same = keys.map(({ id }) => `t.${quoted(id)} = l.${quoted(id)}`).join(' AND ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_merge AS
     SELECT l.last, l.first, t._row AS target FROM
       (SELECT max(_row) AS last, min(_row) AS first, ${list} FROM ${quoted(staged.table)} GROUP BY ${list}) l
       LEFT JOIN (SELECT _row, ${list} FROM ${quoted(state.table)} WHERE _live) t ON ${same}`,
  );
  const [sizes] = await rowsOf(connection, 'SELECT count(*), count(target) FROM exa_merge');
  const updated = Number(sizes![1]);
  const appended = Number(sizes![0]) - updated;
  const live = rowsByBlock(state.allocated, appended);
  if (updated) {
    await keepFormerValues(
      transaction,
      state,
      staged.columns.map(({ id }) => id),
      'SELECT target AS _row FROM exa_merge WHERE target IS NOT NULL',
    );
    const keyIds = new Set(keys.map(({ id }) => id));
    const values = staged.columns
      .filter(({ id }) => !keyIds.has(id))
      .map(({ id }) => `, ${quoted(id)} = s.${quoted(id)}`)
      .join('');
    await connection.run(
      `UPDATE ${quoted(state.table)} AS t SET _rev = ${version}${values}
       FROM (SELECT m.target, x.* FROM exa_merge m JOIN ${quoted(staged.table)} x ON x._row = m.last WHERE m.target IS NOT NULL) s
       WHERE t._row = s.target`,
    );
    for (const [block] of await rowsOf(
      connection,
      'SELECT DISTINCT target >> 16 FROM exa_merge WHERE target IS NOT NULL',
    ))
      if (!live.has(Number(block))) live.set(Number(block), 0);
  }
  if (appended)
    await connection.run(
      `INSERT INTO ${quoted(state.table)}
       SELECT ${state.allocated} + m.place, ${version}, true${selected(state, staged)}
       FROM (SELECT last, row_number() OVER (ORDER BY first) - 1 AS place FROM exa_merge WHERE target IS NULL) m
       JOIN ${quoted(staged.table)} s ON s._row = m.last ORDER BY m.place`,
    );
  await connection.run('DROP TABLE exa_merge');
  touchBlocks(draft, version, live, state.allocated + appended);
  return { appended, updated };
}

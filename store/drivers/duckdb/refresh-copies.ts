import { blockRows } from '../../../src/protocol/column.ts';
import { blockFilter } from './block-filter.ts';
import { type DatasetState, rowsOf } from './catalogue.ts';
import { sqlType } from './column-type.ts';
import { formerValues } from './former-values.ts';
import type { CopyPlan } from './maintenance-plan.ts';
import { quoted } from './table-names.ts';
import { type Draft, draftOf, type Transaction, touchBlocks, wholeRows } from './transaction.ts';

/** Blocks compared at a time when all copies are made again: bounds what the comparison takes in memory. */
const blocksAtOnce = 96;

/** Brings the copies of a link to what the dimension says now: for `all` rows, or those that this transaction changed. */
export async function refreshCopies(
  transaction: Transaction,
  plan: CopyPlan,
  dimension: DatasetState | undefined,
  all: boolean,
): Promise<void> {
  const fact = draftOf(transaction, plan.fact);
  if (plan.columns.length === 0) return;
  if (!plan.dimension || !dimension) {
    if (all) await refreshAll(transaction, fact, plan);
    return;
  }
  const { key } = plan.dimension;
  const from = quoted(dimension.table);
  if (all) {
    await setFar(
      transaction,
      `SELECT t.${quoted(key)} AS k${valuesOf(plan, fact, 't')} FROM ${from} t WHERE t._live`,
    );
    await refreshAll(transaction, fact, plan);
    return;
  }
  const by = quoted(plan.by);
  const changedFacts = changedRows(transaction, plan.fact, [plan.by], 'f');
  if (changedFacts) {
    await lookUp(
      transaction,
      fact,
      plan,
      from,
      `SELECT DISTINCT ${by} AS k FROM ${quoted(fact.state.table)} f WHERE ${changedFacts} AND _live AND ${by} IS NOT NULL`,
    );
    await update(transaction, fact, plan, changedFacts);
  }
  const changedDimension = changedRows(
    transaction,
    dimension.id,
    plan.columns.map(({ from }) => from),
  );
  if (!changedDimension) return;
  const former = formerValues(transaction, dimension.id, key);
  await lookUp(
    transaction,
    fact,
    plan,
    from,
    `SELECT ${quoted(key)} AS k FROM ${from} t WHERE ${changedDimension} AND _live${former ? ` UNION ${former}` : ''}`,
  );
  await update(transaction, fact, plan, `f.${by} IN (SELECT k FROM exa_far)`);
}

/**
 * Rows of a data set (in a query as `table`) that this transaction wrote, in SQL; undefined when it wrote none, or none
 * of the columns that are `read`.
 */
export function changedRows(
  { drafts, version }: Transaction,
  dataset: string,
  read: readonly (string | undefined)[],
  table = 't',
): string | undefined {
  const { touched, written } = drafts.get(dataset) ?? {};
  if (!touched?.size || ![wholeRows, ...read].some((column) => column !== undefined && written?.has(column)))
    return undefined;
  const blocks = [...touched].sort((a, b) => a - b);
  return `${table}._rev = ${version} AND ${blockFilter(blocks, `${table}._row`)}`;
}

/** What the dimension says of some keys, nulls for those it does not have, as the table `exa_far`. */
async function lookUp(
  transaction: Transaction,
  fact: Draft,
  plan: CopyPlan,
  from: string,
  keys: string,
): Promise<void> {
  const { connection } = transaction;
  await connection.run(`CREATE OR REPLACE TEMP TABLE exa_far_keys AS ${keys}`);
  await setFar(
    transaction,
    `SELECT w.k${valuesOf(plan, fact, 'd')} FROM exa_far_keys w LEFT JOIN
     (SELECT * FROM ${from} WHERE _live AND ${quoted(plan.dimension!.key)} IN (SELECT k FROM exa_far_keys)) d
     ON d.${quoted(plan.dimension!.key)} = w.k`,
  );
}

async function setFar({ connection }: Transaction, select: string): Promise<void> {
  await connection.run(`CREATE OR REPLACE TEMP TABLE exa_far AS ${select}`);
}

/** The dimension's values, each of the type of the column that keeps it. */
function valuesOf({ columns }: CopyPlan, { state }: Draft, table: string | undefined): string {
  return columns
    .map(({ from, to }, c) => {
      if (table !== undefined && from !== undefined) return `, ${table}.${quoted(from)} AS v${c}`;
      return `, NULL::${sqlType(state.columns.find(({ id }) => id === to)!.type)} AS v${c}`;
    })
    .join('');
}

async function refreshAll(transaction: Transaction, fact: Draft, plan: CopyPlan): Promise<void> {
  if (!plan.dimension)
    await setFar(transaction, `SELECT NULL AS k${valuesOf(plan, fact, undefined)} WHERE false`);
  const blocks = Math.ceil(fact.state.allocated / blockRows);
  for (let start = 0; start < blocks; start += blocksAtOnce) {
    const end = Math.min(blocks, start + blocksAtOnce);
    await update(transaction, fact, plan, `f._row >= ${start * blockRows} AND f._row < ${end * blockRows}`);
  }
}

/** Sets the copies of the facts `which` that differ from `exa_far`. */
async function update(transaction: Transaction, fact: Draft, plan: CopyPlan, which: string): Promise<void> {
  const { connection, version } = transaction;
  const table = quoted(fact.state.table);
  const key = plan.dimension ? `d.k = f.${quoted(plan.by)}` : 'false';
  const differs = plan.columns.map(({ to }, c) => `f.${quoted(to)} IS DISTINCT FROM d.v${c}`).join(' OR ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_copies AS
     SELECT f._row${plan.columns.map((_, c) => `, d.v${c}`).join('')} FROM ${table} f LEFT JOIN exa_far d ON ${key}
     WHERE f._live AND ${which} AND (${differs})`,
  );
  const touched = await rowsOf(connection, 'SELECT DISTINCT _row >> 16 FROM exa_copies ORDER BY 1');
  if (touched.length === 0) return;
  const set = plan.columns.map(({ to }, c) => `, ${quoted(to)} = s.v${c}`).join('');
  await connection.run(
    `UPDATE ${table} AS t SET _rev = ${version}${set} FROM exa_copies s WHERE t._row = s._row`,
  );
  touchBlocks(fact, version, new Map(touched.map(([block]) => [Number(block), 0])));
}

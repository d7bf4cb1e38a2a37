import { type DatasetState, rowsOf } from './catalogue.ts';
import { sqlType } from './column-type.ts';
import { formerValues } from './former-values.ts';
import type { RollUpPlan } from './maintenance-plan.ts';
import { changedRows } from './refresh-copies.ts';
import { quoted } from './table-names.ts';
import { type Draft, draftOf, rowsByBlock, type Transaction, touchBlocks, wholeRows } from './transaction.ts';

/** Brings a roll-up to what its source says now: for `all` groups, or those that this transaction changed. */
export async function refreshRollUp(
  transaction: Transaction,
  plan: RollUpPlan,
  source: DatasetState | undefined,
  all: boolean,
): Promise<void> {
  const { connection } = transaction;
  const draft = draftOf(transaction, plan.rollUp);
  const affected = affectedKeys(transaction, draft, plan, source, all);
  if (affected === undefined) return;
  await connection.run(`CREATE OR REPLACE TEMP TABLE exa_affected AS ${affected}`);
  await makeGroups(transaction, draft, plan, source);
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_known AS SELECT _row, ${quoted(plan.key)} AS k FROM ${quoted(draft.state.table)}
     WHERE _live AND ${quoted(plan.key)} IN (SELECT k FROM exa_affected)`,
  );
  await changeGroups(transaction, draft, plan);
  await dropGroups(transaction, draft);
  await addGroups(transaction, draft, plan);
  widenYears(draft, source);
}

function affectedKeys(
  transaction: Transaction,
  { state }: Draft,
  { key, source: from }: RollUpPlan,
  source: DatasetState | undefined,
  all: boolean,
): string | undefined {
  if (all) {
    const known = `SELECT ${quoted(key)} AS k FROM ${quoted(state.table)} WHERE _live`;
    if (!from || !source) return known;
    const by = quoted(from.by);
    return `SELECT DISTINCT ${by} AS k FROM ${quoted(source.table)} WHERE _live AND ${by} IS NOT NULL UNION ${known}`;
  }
  if (!from || !source) return undefined;
  const changed = changedRows(transaction, source.id, [from.by, ...from.reads]);
  const former = formerValues(transaction, source.id, from.by);
  if (!changed) return undefined;
  const by = quoted(from.by);
  const now = `SELECT DISTINCT ${by} AS k FROM ${quoted(source.table)} t WHERE ${changed} AND _live AND ${by} IS NOT NULL`;
  return former ? `${now} UNION ${former}` : now;
}

/** The affected groups as the source has them now, as the table `exa_groups`; groups without rows are not there. */
async function makeGroups(
  { connection }: Transaction,
  { state }: Draft,
  { key, columns, values, source: from }: RollUpPlan,
  source: DatasetState | undefined,
): Promise<void> {
  const typeOf = (id: string) => sqlType(state.columns.find((column) => column.id === id)!.type);
  const list = columns.map(({ to }, c) => `, v${c} ${typeOf(to)}`).join('');
  await connection.run(`CREATE OR REPLACE TEMP TABLE exa_groups (k ${typeOf(key)}${list})`);
  if (!from || !source) return;
  const by = quoted(from.by);
  await connection.run(
    `INSERT INTO exa_groups SELECT ${by}${columns.map(({ sql }) => `, ${sql}`).join('')} FROM ${quoted(source.table)}
     WHERE _live AND ${by} IN (SELECT k FROM exa_affected) GROUP BY ${by}`,
    [...values],
  );
}

async function changeGroups(
  { connection, version }: Transaction,
  draft: Draft,
  plan: RollUpPlan,
): Promise<void> {
  const table = quoted(draft.state.table);
  const differs = plan.columns.map(({ to }, c) => `t.${quoted(to)} IS DISTINCT FROM g.v${c}`).join(' OR ');
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE exa_moved AS SELECT x._row, g.* FROM exa_known x JOIN exa_groups g ON g.k = x.k
     JOIN ${table} t ON t._row = x._row WHERE ${differs || 'false'}`,
  );
  const touched = await rowsOf(connection, 'SELECT DISTINCT _row >> 16 FROM exa_moved');
  if (touched.length === 0) return;
  const set = plan.columns.map(({ to }, c) => `, ${quoted(to)} = s.v${c}`).join('');
  await connection.run(
    `UPDATE ${table} AS t SET _rev = ${version}${set} FROM exa_moved s WHERE t._row = s._row`,
  );
  touchBlocks(draft, version, new Map(touched.map(([block]) => [Number(block), 0])));
}

async function dropGroups({ connection, version }: Transaction, draft: Draft): Promise<void> {
  await connection.run(
    'CREATE OR REPLACE TEMP TABLE exa_gone AS SELECT x._row FROM exa_known x ANTI JOIN exa_groups g ON g.k = x.k',
  );
  const touched = await rowsOf(connection, 'SELECT _row >> 16, count(*) FROM exa_gone GROUP BY 1');
  if (touched.length === 0) return;
  const cleared = draft.state.columns.map(({ id }) => `, ${quoted(id)} = NULL`).join('');
  await connection.run(
    `UPDATE ${quoted(draft.state.table)} AS t SET _live = false, _rev = ${version}${cleared} FROM exa_gone s WHERE t._row = s._row`,
  );
  touchBlocks(draft, version, new Map(touched.map(([block, rows]) => [Number(block), -Number(rows)])));
}

/** New groups follow in the order of their keys. */
async function addGroups(
  { connection, version }: Transaction,
  draft: Draft,
  plan: RollUpPlan,
): Promise<void> {
  const { state } = draft;
  const sourceOf = new Map(plan.columns.map(({ to }, c) => [to, `g.v${c}`]));
  sourceOf.set(plan.key, 'g.k');
  const values = state.columns.map(({ id }) => `, ${sourceOf.get(id) ?? 'NULL'}`).join('');
  const result = await connection.run(
    `INSERT INTO ${quoted(state.table)}
     SELECT ${state.allocated} + row_number() OVER (ORDER BY g.k) - 1, ${version}, true${values}
     FROM exa_groups g ANTI JOIN exa_known x ON x.k = g.k ORDER BY g.k`,
  );
  const added = result.rowsChanged;
  if (added === 0) return;
  draft.written.add(wholeRows);
  touchBlocks(draft, version, rowsByBlock(state.allocated, added), state.allocated + added);
}

/** Times of groups fall in the years of their rows. */
function widenYears(draft: Draft, source: DatasetState | undefined): void {
  const { years } = draft.state;
  const wider = source?.years;
  if (!wider || (years && years[0] <= wider[0] && years[1] >= wider[1])) return;
  draft.state = {
    ...draft.state,
    years: years ? [Math.min(years[0], wider[0]), Math.max(years[1], wider[1])] : wider,
  };
  draft.headChanged = true;
}

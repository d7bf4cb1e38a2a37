import { sameType } from '../../../src/protocol/column-words.ts';
import { ExaError } from '../../../src/protocol/errors.ts';
import type { CopiedColumn, Link } from '../../../src/protocol/profile.ts';
import { maintainedColumns, resolveLinks } from '../../../src/protocol/profile-references.ts';
import type { DatasetState } from './catalogue.ts';
import { sqlType } from './column-type.ts';
import { copyPlans, rollUpPlan } from './maintenance-plan.ts';
import { refreshCopies } from './refresh-copies.ts';
import { refreshRollUp } from './refresh-roll-up.ts';
import { quoted } from './table-names.ts';
import { datasetsOf, draftOf, type Transaction } from './transaction.ts';

/**
 * Brings roll-ups, then copied columns, to what the rest of the transaction made of their sources: only the groups and
 * rows it touched, or all where the declaration or a whole table is new. Throws `invalid` for a declaration that
 * cannot be.
 */
export async function maintain(transaction: Transaction): Promise<void> {
  const { drafts, dropped } = transaction;
  if (drafts.size === 0 && dropped.size === 0) return;
  for (const { id, profile } of datasetsOf(transaction).values())
    if (profile.links.some(({ copies }) => copies?.length)) await makeColumns(transaction, id);
  const before = transaction.before.datasets;
  for (const state of [...datasetsOf(transaction).values()]) {
    if (!state.profile.rollUp) continue;
    const datasets = datasetsOf(transaction);
    const plan = rollUpPlan(state, datasets);
    if (!plan) continue;
    const known = before.get(state.id);
    const all = !known || !isSame(plan, known.profile.rollUp && rollUpPlan(known, before));
    await refreshRollUp(transaction, plan, plan.source && datasets.get(plan.source.id), all);
  }
  for (const state of [...datasetsOf(transaction).values()]) {
    const datasets = datasetsOf(transaction);
    const known = before.get(state.id);
    const knownPlans = known ? copyPlans(known, before) : [];
    for (const plan of copyPlans(state, datasets)) {
      const all = !knownPlans.some((one) => isSame(plan, one));
      await refreshCopies(transaction, plan, plan.dimension && datasets.get(plan.dimension.id), all);
    }
  }
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** Makes the columns of copies that are declared but not there yet, or whose source has another type now. */
async function makeColumns(transaction: Transaction, dataset: string): Promise<void> {
  const datasets = datasetsOf(transaction);
  const state = datasets.get(dataset)!;
  const { links } = resolveLinks(state.profile, datasets);
  const known = transaction.before.datasets.get(dataset);
  const kept = known ? maintainedColumns(known) : new Set<string>();
  const made: Link[] = [];
  for (const [l, link] of state.profile.links.entries()) {
    const far = datasets.get(links[l]!.dataset);
    const copies: CopiedColumn[] = [];
    for (const [c, copy] of (link.copies ?? []).entries()) {
      const source = far?.columns.find(({ id }) => id === links[l]!.copies![c]!.column);
      copies.push(
        far && source ? { ...copy, as: await makeColumn(transaction, dataset, copy.as, source, kept) } : copy,
      );
      if (far && source) checkSource(state, far, source.id);
    }
    made.push(link.copies ? { ...link, copies } : link);
  }
  if (isSame(made, state.profile.links)) return;
  const draft = draftOf(transaction, dataset);
  draft.state = { ...draft.state, profile: { ...draft.state.profile, links: made } };
  draft.headChanged = true;
}

/** The id of the column that holds a copy of `source`. */
async function makeColumn(
  transaction: Transaction,
  dataset: string,
  as: string,
  source: DatasetState['columns'][number],
  kept: ReadonlySet<string>,
): Promise<string> {
  const state = datasetsOf(transaction).get(dataset)!;
  const column = state.columns.find(({ id, name }) => id === as || name === as);
  const isKept = column !== undefined && kept.has(column.id);
  if (isKept && sameType(column.type, source.type)) return column.id;
  if (column && !isKept && !state.profile.rollUp)
    throw new ExaError(
      'invalid',
      `${state.name} has a column ${column.name} of its own: keep the copy of ${source.name} by another name.`,
      { facts: { dataset, column: column.name } },
    );
  if (column && !isKept && sameType(column.type, source.type)) return column.id;
  const draft = draftOf(transaction, dataset);
  if (column) await dropColumn(transaction, dataset, column.id);
  const id = `c${draft.state.nextColumn}`;
  await transaction.connection.run(
    `ALTER TABLE ${quoted(draft.state.table)} ADD COLUMN ${quoted(id)} ${sqlType(source.type)}`,
  );
  draft.state = {
    ...draft.state,
    columns: [...draft.state.columns, { id, name: column?.name ?? as, type: source.type }],
    nextColumn: draft.state.nextColumn + 1,
  };
  draft.headChanged = true;
  return id;
}

/** Takes a column the store made away again. */
export async function dropColumn(transaction: Transaction, dataset: string, column: string): Promise<void> {
  const draft = draftOf(transaction, dataset);
  await transaction.connection.run(`ALTER TABLE ${quoted(draft.state.table)} DROP COLUMN ${quoted(column)}`);
  draft.state = { ...draft.state, columns: draft.state.columns.filter(({ id }) => id !== column) };
  draft.headChanged = true;
}

function checkSource(fact: DatasetState, far: DatasetState, column: string): void {
  if (far.id !== fact.id && !far.profile.rollUp && !maintainedColumns(far).has(column)) return;
  throw new ExaError(
    'invalid',
    `${fact.name} cannot keep a column that ${far.name} itself keeps of another table.`,
    { facts: { dataset: fact.id, column } },
  );
}

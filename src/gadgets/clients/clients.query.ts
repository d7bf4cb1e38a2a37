import type { DatasetSummary } from '../../protocol/head.ts';
import type { Link, Measure, Profile } from '../../protocol/profile.ts';
import type { AggregateQuestion, ColumnRef, Filter, RowsQuestion } from '../../protocol/query.ts';
import { linkedFrom, quoted } from '../subject.ts';

/** Clients listed by value. */
export const listedClients = 100;

/** The orders that name these clients: the newest table of orders with a link to them, and the column that names. */
export function ordersOf(
  clients: DatasetSummary,
  datasets: readonly DatasetSummary[],
): { readonly dataset: DatasetSummary; readonly column: ColumnRef } | undefined {
  return [...linkedFrom(clients.id, datasets)]
    .filter(({ dataset }) => dataset.profile.part === 'orders')
    .sort((one, other) => other.dataset.version - one.dataset.version)[0];
}

/** How orders are counted: rows, or distinct orders where a row is a line. */
export function ordersFormula({ grain, roles }: Profile): string {
  return grain === 'line' && roles.order !== undefined ? `distinct(${quoted(roles.order)})` : 'count()';
}

/** Figures of clients derived from orders. */
export function lifetimeMeasures(
  profile: Profile,
  words: { clients: string; value: string; orders: string; amount: string },
): readonly Measure[] {
  const { client, amount } = profile.roles;
  const clients = `distinct(${quoted(client ?? '')})`;
  const measures: Measure[] = [
    { id: 'x_clients', label: words.clients, formula: clients, format: 'count' },
    {
      id: 'x_orders_each',
      label: words.orders,
      formula: `${ordersFormula(profile)} / ${clients}`,
      format: 'number',
    },
  ];
  if (amount === undefined) return measures;
  return [
    measures[0]!,
    { id: 'x_value', label: words.value, formula: `sum(${quoted(amount)}) / ${clients}`, format: 'money' },
    measures[1]!,
    { id: 'x_amount', label: words.amount, formula: `sum(${quoted(amount)})`, format: 'money' },
  ];
}

/** Largest table whose names can be joined to orders (one block: joined when the answer is finished). */
const joinableRows = 65_536;

/** The clients' names as a reference from orders, where there is a link to a table small enough to join. */
export function clientName(
  orders: Profile,
  column: ColumnRef,
  clients: DatasetSummary | undefined,
): ColumnRef | undefined {
  const link = orders.links.find((one) => one.column === column && one.dataset === clients?.id);
  const name = clients?.profile.roles.name;
  if (!clients || !link || name === undefined || clients.rows > joinableRows) return undefined;
  return `${link.id}.${name}`;
}

/** The totals per client that the store keeps of these orders, where it does: a roll-up whose roles say what is what. */
export function totalsOf(
  orders: string,
  column: ColumnRef,
  datasets: readonly DatasetSummary[],
): DatasetSummary | undefined {
  return datasets.find(
    ({ profile: { rollUp, keys, roles } }) =>
      rollUp?.dataset === orders && rollUp.by === column && keys.length === 1 && roles.quantity !== undefined,
  );
}

/** Names of an answer's columns. */
export interface ClientColumns {
  readonly client: string;
  readonly name?: string;
  readonly orders: string;
  readonly amount?: string;
  readonly last?: string;
}

/** The columns of totals; the client's name where they keep it. */
export function totalsColumns(
  { profile }: DatasetSummary,
  clients: DatasetSummary | undefined,
): ClientColumns {
  const { keys, roles, links } = profile;
  const name = clients?.profile.roles.name;
  const link = links.find(
    ({ dataset, copies }) => dataset === clients?.id && copies?.some(({ column }) => column === name),
  );
  return {
    client: keys[0] ?? '',
    orders: roles.quantity ?? '',
    ...(link && name !== undefined && { name: `${link.id}.${name}` }),
    ...(roles.amount !== undefined && { amount: roles.amount }),
    ...(roles.date !== undefined && { last: roles.date }),
  };
}

/**
 * Clients by value, orders or last order from the totals. A filter on clients reaches them as far as they keep its
 * columns; one that asks for anything else is left out whole.
 */
export function clientTotalsQuestion(
  totals: DatasetSummary,
  columns: ClientColumns,
  order: ClientOrder,
  clients: DatasetSummary | undefined,
  where: Filter | undefined,
): RowsQuestion {
  const link = totals.profile.links.find(({ dataset }) => dataset === clients?.id);
  const reached = where && link ? throughLink(where, link) : undefined;
  const by =
    { x_orders: columns.orders, x_amount: columns.amount, x_last: columns.last }[order] ?? columns.orders;
  const { client, name, orders, amount, last } = columns;
  return {
    kind: 'rows',
    dataset: totals.id,
    ...(reached && { where: reached }),
    order: [
      { column: by, descending: true },
      { column: client, descending: false },
    ],
    columns: [client, name, orders, amount, last].filter((column) => column !== undefined),
    offset: 0,
    limit: listedClients,
  };
}

/** The filter on the linked table's columns as one on the columns kept of it; undefined when one is not kept. */
function throughLink(where: Filter, link: Link): Filter | undefined {
  if (where.op === 'not') {
    const of = throughLink(where.of, link);
    return of && { op: 'not', of };
  }
  if ('of' in where) {
    const of = where.of.map((part) => throughLink(part, link));
    const all = of.filter((part) => part !== undefined);
    return all.length === of.length ? { op: where.op, of: all } : undefined;
  }
  const isKept = link.copies?.some(({ column }) => column === where.column);
  return isKept ? { ...where, column: `${link.id}.${where.column}` } : undefined;
}

/** What the list can be ordered by. */
export type ClientOrder = 'x_amount' | 'x_orders' | 'x_last';

/** Clients by value, orders or last order: one row a client, from the orders that name them. */
export function clientValuesQuestion(
  dataset: string,
  column: ColumnRef,
  profile: Profile,
  order: ClientOrder,
  where: Filter | undefined,
  name?: ColumnRef,
): AggregateQuestion {
  const { amount, date } = profile.roles;
  const measures: Measure[] = [
    { id: 'x_orders', label: '', formula: ordersFormula(profile), format: 'count' },
  ];
  if (amount !== undefined)
    measures.push({ id: 'x_amount', label: '', formula: `sum(${quoted(amount)})`, format: 'money' });
  if (date !== undefined)
    measures.push({ id: 'x_last', label: '', formula: `max(${quoted(date)})`, format: 'number' });
  const by = measures.some(({ id }) => id === order) ? order : 'x_orders';
  return {
    kind: 'aggregate',
    dataset,
    where: {
      op: 'and',
      of: [...(where ? [where] : []), { op: 'not', of: { op: 'in', column, values: [null] } }],
    },
    groupBy: [column, ...(name === undefined ? [] : [name])].map((ref) => ({ by: 'value', column: ref })),
    measures,
    order: [
      { by, descending: true },
      { by: 0, descending: false },
    ],
    limit: listedClients,
  };
}

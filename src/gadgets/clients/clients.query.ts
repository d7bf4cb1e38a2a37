import type { DatasetSummary } from '../../protocol/head.ts';
import type { Measure, Profile } from '../../protocol/profile.ts';
import type { AggregateQuestion, ColumnRef, Filter } from '../../protocol/query.ts';
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

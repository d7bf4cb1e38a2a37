import type { AggregateQuestion, Filter } from '../src/protocol/query.ts';

/** Column ids by name: the store numbers columns in the order they came. */
export const columnIds = { country: 'c1', segment: 'c2', orders: 'c3', since: 'c4', revenue: 'c5' } as const;

/** Round `i`'s filter: never the same twice, so no partial can have been cached; about 40 % of rows match. */
export function bounds(round: number): { from: number; to: number; orders: number } {
  return { from: 400 + round, to: 2600 + round, orders: 8 };
}

/** The five passive views. */
export const views = [
  { id: 'country', column: 'country', width: 0 },
  { id: 'segment', column: 'segment', width: 0 },
  { id: 'orders', column: 'orders', width: 10 },
  { id: 'month', column: 'since', width: 30 },
  { id: 'revenue', column: 'revenue', width: 250 },
] as const;

export function questions(dataset: string, where: Filter | undefined): AggregateQuestion[] {
  return views.map(({ column, width }) => ({
    kind: 'aggregate',
    dataset,
    where,
    groupBy: [
      width
        ? { by: 'number', column: columnIds[column], origin: 0, width }
        : { by: 'value', column: columnIds[column] },
    ],
    measures: [
      { id: 'n', label: 'Clients', formula: 'count()', format: 'count' },
      { id: 'total', label: 'Revenue', formula: `sum(${columnIds.revenue})`, format: 'number' },
    ],
  }));
}

export function filterOf(round: number): Filter {
  const { from, to, orders } = bounds(round);
  return {
    op: 'and',
    of: [
      { op: 'range', column: columnIds.since, from, to },
      { op: 'range', column: columnIds.orders, from: orders },
    ],
  };
}

/** How many rows match a filter over all five columns, another one a round. */
export function countOf(dataset: string, round: number): AggregateQuestion {
  const of: Filter[] = Object.values(columnIds).map((column) => ({ op: 'range', column, from: -1 - round }));
  const measures = [{ id: 'n', label: 'Clients', formula: 'count()', format: 'count' }] as const;
  return { kind: 'aggregate', dataset, where: { op: 'and', of }, groupBy: [], measures };
}

/** The same five answers in the peers' SQL. */
export function sqlOf(round: number): string[] {
  const { from, to, orders } = bounds(round);
  return views.map(({ column, width }) => {
    const key = width ? `CAST(floor(${column} / ${width}) AS INTEGER)` : column;
    return `SELECT ${key} AS g, count(*) AS n, sum(revenue) AS total FROM clients WHERE since >= ${from} AND since < ${to} AND orders >= ${orders} GROUP BY g`;
  });
}

/** The brushing cube's active axis. */
export const active = { column: columnIds.since, from: 0, to: 3650, bins: 365 };

/** Round `i`'s filter beside the brush: at least this many orders. */
export function cubeOrders(round: number): number {
  return bounds(round).orders + (round % 7);
}

/** The four views beside the brushed one. */
export function cubeQuestions(dataset: string, round: number): AggregateQuestion[] {
  return questions(dataset, {
    op: 'range',
    column: columnIds.orders,
    from: cubeOrders(round),
  }).filter((_, i) => views[i]?.column !== 'since');
}

/** The five views' statement over a brushed range of bins `[start, end)` of ten days: what a peer asks a frame. */
export function brushSql(round: number, start: number, end: number): string[] {
  return views
    .filter(({ column }) => column !== 'since')
    .map(({ column, width }) => {
      const key = width ? `CAST(floor(${column} / ${width}) AS INTEGER)` : column;
      return `SELECT ${key} AS g, count(*) AS n, sum(revenue) AS total FROM clients WHERE since >= ${start * 10} AND since < ${end * 10} AND orders >= ${cubeOrders(round)} GROUP BY g`;
    });
}

/** The cube in the peers' SQL: one GROUP BY a view with the active bin as first key; the filter is the other views'. */
export function cubeSql(round: number): string[] {
  return views
    .filter(({ column }) => column !== 'since')
    .map(({ column, width }) => {
      const key = width ? `CAST(floor(${column} / ${width}) AS INTEGER)` : column;
      return `SELECT CAST(floor(since / 10) AS INTEGER) AS bin, ${key} AS g, count(*) AS n, sum(revenue) AS total FROM clients WHERE orders >= ${cubeOrders(round)} GROUP BY bin, g`;
    });
}

import type { ColumnData } from '../../src/arrow/column-data.ts';
import type { ColumnType } from '../../src/protocol/column.ts';
import type { RowBatch } from '../drivers/table-driver.ts';
import { categories, countries, firstNames, lastNames, shopKinds, shops, trades } from './catalogue.ts';
import {
  boolColumn,
  centsColumn,
  chosenColumn,
  int32Column,
  optionalInt32Column,
  textColumn,
  timestampColumn,
} from './columns.ts';
import { type Order, orderCents, orderStates, segments, type World } from './world.ts';

/** A table of the demo: its columns, and its rows made a batch at a time in arrival order. */
export interface DemoTable {
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  readonly rows: number;
  /** Rows of the units `[start, end)`: the rows themselves, or the lines of these orders. */
  batch(start: number, end: number): RowBatch;
  /** Units there are, and how many make a batch of at most 65 536 rows. */
  readonly units: { readonly start: number; readonly end: number; readonly perBatch: number };
}

/** A decimal(12, 2) holds amounts, a decimal(10, 2) prices. */
const amountDigits = 12;
const priceDigits = 10;

const int32: ColumnType = { kind: 'int32' };
const text: ColumnType = { kind: 'text' };
const timestamp: ColumnType = { kind: 'timestamp' };
const bool: ColumnType = { kind: 'bool' };
const amount: ColumnType = { kind: 'decimal', precision: amountDigits, scale: 2 };
const price: ColumnType = { kind: 'decimal', precision: priceDigits, scale: 2 };

/** A table of `rows` rows, made by column from any position on. */
export function table(
  name: string,
  types: Readonly<Record<string, ColumnType>>,
  rows: number,
  columns: (length: number, start: number) => Readonly<Record<string, ColumnData>>,
): DemoTable {
  return {
    name,
    columns: Object.entries(types).map(([column, type]) => ({ name: column, type })),
    rows,
    units: { start: 0, end: rows, perBatch: 65_536 },
    batch: (start, end) => ({ rows: end - start, columns: columns(end - start, start) }),
  };
}

export function shopsTable(): DemoTable {
  return table(
    'shops',
    { id: int32, name: text, city: text, country: text, kind: text },
    shops.length,
    (n, start) => ({
      id: int32Column(n, (i) => start + i + 1),
      name: textColumn(n, (i) => shops[start + i]![0]),
      city: textColumn(n, (i) => shops[start + i]![1]),
      country: textColumn(n, (i) => shops[start + i]![2]),
      kind: chosenColumn(n, shopKinds, (i) => shops[start + i]![3]),
    }),
  );
}

export function productsTable(world: World): DemoTable {
  const names = categories.map((category) => category.name);
  return table(
    'products',
    { id: int32, sku: text, name: text, category: text, price, active: bool },
    world.products.length,
    (n, start) => {
      const at = (i: number) => world.products[start + i]!;
      return {
        id: int32Column(n, (i) => start + i + 1),
        sku: textColumn(n, (i) => at(i).sku),
        name: textColumn(n, (i) => at(i).name),
        category: chosenColumn(n, names, (i) => at(i).category),
        price: centsColumn(n, priceDigits, (i) => at(i).cents),
        active: boolColumn(n, (i) => at(i).active),
      };
    },
  );
}

export function clientsTable(world: World): DemoTable {
  const { random } = world;
  const pick = (stream: number, i: number, count: number) => Math.floor(random(stream, i) * count);
  const nameOf = (i: number) => {
    const last = lastNames[pick(71, i, lastNames.length)]!;
    if (world.segmentOf(i) === 0) return `${firstNames[pick(70, i, firstNames.length)]} ${last}`;
    return `${last} ${trades[pick(72, i, trades.length)]}`;
  };
  const countryNames = countries.map((country) => country.name);
  const cities = [...new Set(countries.flatMap((country) => country.cities))];
  const cityCode = countries.map((country) => country.cities.map((city) => cities.indexOf(city)));
  const languages = [...new Set(countries.map((country) => country.language))];
  return table(
    'clients',
    {
      id: int32,
      name: text,
      email: text,
      segment: text,
      country: text,
      city: text,
      language: text,
      created: timestamp,
      birth_year: int32,
      points: int32,
      credit_limit: amount,
      newsletter: bool,
    },
    world.size.clients,
    (n, start) => ({
      id: int32Column(n, (i) => start + i + 1),
      name: textColumn(n, (i) => nameOf(start + i)),
      email: textColumn(n, (i) => `${plain(nameOf(start + i))}.${start + i + 1}@example.org`),
      segment: chosenColumn(n, segments, (i) => world.segmentOf(start + i)),
      country: chosenColumn(n, countryNames, (i) => world.countryOf(start + i)),
      city: chosenColumn(n, cities, (i) => {
        const codes = cityCode[world.countryOf(start + i)]!;
        const u = random(73, start + i);
        return codes[Math.floor(u * u * codes.length)]!;
      }),
      language: chosenColumn(n, languages, (i) =>
        languages.indexOf(countries[world.countryOf(start + i)]!.language),
      ),
      created: timestampColumn(n, (i) => world.clientTimes.at(start + i)),
      birth_year: optionalInt32Column(n, (i) =>
        world.segmentOf(start + i) === 0 && random(74, start + i) < 0.8
          ? 1940 + pick(75, start + i, 66)
          : undefined,
      ),
      points: int32Column(n, (i) => Math.floor(5000 * random(76, start + i) ** 4)),
      credit_limit: centsColumn(n, amountDigits, (i) =>
        world.segmentOf(start + i) === 0 ? 0 : 50_000 * (1 + pick(77, start + i, 40)),
      ),
      newsletter: boolColumn(n, (i) => random(78, start + i) < 0.44),
    }),
  );
}

export const channels = ['shop', 'web', 'marketplace', 'phone'] as const;

const orderTypes = {
  id: int32,
  date: timestamp,
  client: int32,
  shop: int32,
  country: text,
  channel: text,
  state: text,
  lines: int32,
  amount,
};

/** Orders `at(i)` as a batch whose ids begin at `start + 1`. */
export function orderBatch(world: World, start: number, orders: readonly Order[]): RowBatch {
  const n = orders.length;
  const countryNames = countries.map((country) => country.name);
  return {
    rows: n,
    columns: {
      id: int32Column(n, (i) => start + i + 1),
      date: timestampColumn(n, (i) => orders[i]!.at),
      client: int32Column(n, (i) => orders[i]!.client + 1),
      shop: int32Column(n, (i) => orders[i]!.shop + 1),
      country: chosenColumn(n, countryNames, (i) => orders[i]!.country),
      channel: chosenColumn(n, channels, (i) =>
        world.random(90, start + i) < 0.03 ? 3 : shops[orders[i]!.shop]![3],
      ),
      state: chosenColumn(n, orderStates, (i) => orders[i]!.state),
      lines: int32Column(n, (i) => orders[i]!.lines),
      amount: centsColumn(n, amountDigits, (i) => orderCents(world, start + i, orders[i]!)),
    },
  };
}

export function ordersTable(world: World): DemoTable {
  return {
    ...table('orders', orderTypes, world.size.orders, () => ({})),
    batch: (start, end) =>
      orderBatch(
        world,
        start,
        Array.from({ length: end - start }, (_, i) => world.order(start + i)),
      ),
  };
}

/** The lines of orders whose ids begin at `start + 1`. */
export function lineBatch(world: World, start: number, orders: readonly Order[]): RowBatch {
  const n = orders.reduce((sum, order) => sum + order.lines, 0);
  const column = () => new Int32Array(n);
  const [order, line, product, quantity, discount] = [column(), column(), column(), column(), column()];
  const cents = new BigInt64Array(n);
  const amounts = new BigInt64Array(n);
  const dates = new Float64Array(n);
  let at = 0;
  orders.forEach(({ lines, client, at: orderedAt }, i) => {
    for (let j = 0; j < lines; j++, at++) {
      const made = world.line(start + i, j, client);
      order[at] = start + i + 1;
      line[at] = j + 1;
      dates[at] = orderedAt;
      product[at] = made.product + 1;
      quantity[at] = made.quantity;
      discount[at] = made.discount;
      cents[at] = BigInt(made.cents);
      amounts[at] = BigInt(made.amountCents);
    }
  });
  const whole = (values: Int32Array): ColumnData => ({ kind: 'int32', length: n, values });
  const money = (precision: number, values: BigInt64Array): ColumnData => ({
    kind: 'decimal',
    precision,
    scale: 2,
    length: n,
    values,
  });
  return {
    rows: n,
    columns: {
      order: whole(order),
      line: whole(line),
      date: { kind: 'timestamp', length: n, values: dates },
      product: whole(product),
      quantity: whole(quantity),
      price: money(priceDigits, cents),
      discount: whole(discount),
      amount: money(amountDigits, amounts),
    },
  };
}

export function linesTable(world: World): DemoTable {
  const { orders, ordersWithLines } = world.size;
  const types = { order: int32, line: int32, date: timestamp, product: int32, quantity: int32 };
  return {
    name: 'order_lines',
    columns: Object.entries({ ...types, price, discount: int32, amount }).map(([name, type]) => ({
      name,
      type,
    })),
    rows: Math.round(ordersWithLines * 2.6),
    units: { start: orders - ordersWithLines, end: orders, perBatch: 8192 },
    batch: (start, end) =>
      lineBatch(
        world,
        start,
        Array.from({ length: end - start }, (_, i) => world.order(start + i)),
      ),
  };
}

function plain(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^a-z]+/g, '.');
}

import type { ColumnType, Literal } from '../../src/protocol/column.ts';
import { batchOf } from './duckdb/driver.testing.ts';

/** A small seeded generator (mulberry32, Tommy Ettinger 2017, public domain), so that the table is the same each run. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const columns = {
  id: { kind: 'int64' },
  quantity: { kind: 'int32' },
  price: { kind: 'decimal', precision: 8, scale: 2 },
  rate: { kind: 'decimal', precision: 6, scale: 3 },
  weight: { kind: 'float64' },
  state: { kind: 'text' },
  paid: { kind: 'bool' },
  day: { kind: 'date' },
  at: { kind: 'timestamp' },
  huge: { kind: 'int64' },
} satisfies Record<string, ColumnType>;
export const idOf = Object.fromEntries(Object.keys(columns).map((name, i) => [name, `c${i + 1}`])) as Record<
  keyof typeof columns,
  string
>;
export const types: Record<string, ColumnType> = Object.fromEntries(
  Object.entries(columns).map(([name, type]) => [idOf[name as keyof typeof columns], type]),
);
export const states = [
  'draft',
  'paid',
  'shipped',
  '',
  'zażółć gęślą jaźń',
  '\u{1f600}',
  '\uff5e',
  'Draft',
  'a state with a long name',
];
export const hugeValues = ['9223372036854775807', '-9223372036854775808', '9007199254740993', 0, 1, -1];
const weights: Literal[] = ['NaN', 'Infinity', '-Infinity', 0, -0, 0.1, -2.5, 1e300];

/** Days and instants at the ends of the calendar: where they occur, zones cannot be cut to the data's years. */
const farDays = ['0001-01-01', '9999-12-31', '1582-10-15', '1969-12-31', '2000-02-29'];
const farTimes = [
  '0001-01-01T00:00:00.000Z',
  '9999-12-31T23:59:59.999Z',
  '1969-12-31T23:59:59.999Z',
  '1815-06-18T11:35:00.000Z',
];

export function rowsOf(
  first: number,
  count: number,
  seed: number,
  far: boolean,
): Record<keyof typeof columns, Literal[]> {
  const next = random(seed);
  const value = <T extends Literal>(make: () => T): Literal => (next() < 0.08 ? null : make());
  const below = (limit: number): number => Math.floor(next() * limit);
  const table = Object.fromEntries(Object.keys(columns).map((name) => [name, [] as Literal[]])) as Record<
    keyof typeof columns,
    Literal[]
  >;
  for (let i = 0; i < count; i++) {
    table.id.push(first + i);
    table.quantity.push(value(() => below(2001) - 1000));
    table.price.push(value(() => (below(2_000_000) / 100 - 10_000).toFixed(2)));
    table.rate.push(value(() => (below(2000) / 1000).toFixed(3)));
    table.weight.push(value(() => weights[below(weights.length)]!));
    table.state.push(value(() => states[below(states.length)]!));
    table.paid.push(value(() => next() < 0.5));
    const isFar = far && next() < 0.1;
    table.day.push(
      value(() =>
        isFar
          ? farDays[below(farDays.length)]!
          : new Date((below(40_000) - 20_000) * 86_400_000).toISOString().slice(0, 10),
      ),
    );
    table.at.push(
      value(() =>
        isFar
          ? farTimes[below(farTimes.length)]!
          : new Date(1.25e12 + below(4e8) * 1000 + below(1000)).toISOString(),
      ),
    );
    table.huge.push(value(() => hugeValues[below(hugeValues.length)]!));
  }
  return table;
}

export const batch = (table: Record<string, Literal[]>) =>
  batchOf(
    Object.fromEntries(
      Object.entries(table).map(([name, values]) => [name, [columns[name as keyof typeof columns], values]]),
    ),
  );

import { columnFromLiterals } from '../../arrow/build-column.ts';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { plainProfile } from '../../protocol/plain-profile.ts';
import type { Profile } from '../../protocol/profile.ts';
import type { BlockInput } from '../block.ts';

/** A table of a test: blocks shorter than real ones, so that a few thousand rows make several. */
export interface TestTable {
  readonly head: Head;
  readonly blocks: readonly BlockInput[];
  /** Literals of every row, deleted ones too. */
  readonly rows: readonly Readonly<Record<string, Literal>>[];
  readonly live: readonly boolean[];
}

/** A head of a data set with columns `id = name`. */
export function testHead(
  id: string,
  columns: Readonly<Record<string, ColumnType>>,
  options: { profile?: Partial<Profile>; zones?: Head['zones']; allocated?: number } = {},
): Head {
  return {
    id,
    name: id,
    epoch: 'e1',
    scope: 'public',
    version: 1,
    asOf: '2026-01-01T00:00:00.000Z',
    allocated: options.allocated ?? 0,
    columns: Object.entries(columns).map(([name, type]) => ({ id: name, name, type })),
    profile: plainProfile('Table', options.profile),
    revisions: [],
    live: [],
    zones: { UTC: { from: [-8.64e15], offsetMs: [0] }, ...options.zones },
  };
}

/** Rows cut into blocks of `rowsPerBlock`; `live` false marks deleted rows. */
export function testBlocks(
  columns: Readonly<Record<string, ColumnType>>,
  rows: readonly Readonly<Record<string, Literal>>[],
  options: { rowsPerBlock?: number; live?: readonly boolean[] } = {},
): BlockInput[] {
  const size = options.rowsPerBlock ?? 700;
  const blocks: BlockInput[] = [];
  for (let start = 0; start < rows.length; start += size) {
    const part = rows.slice(start, start + size);
    const live = options.live?.slice(start, start + size);
    blocks.push({
      block: blocks.length,
      length: part.length,
      columns: Object.fromEntries(
        Object.entries(columns).map(([id, type]) => [
          id,
          columnFromLiterals(
            type,
            part.map((row) => row[id] ?? null),
          ),
        ]),
      ),
      ...(live?.includes(false) && { live: Uint8Array.from(live, (alive) => (alive ? 1 : 0)) }),
    });
  }
  return blocks;
}

/** Small random numbers from a seed: mulberry32 (Tommy Ettinger), uniform in `[0, 1)`. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** One column of every kind. */
export const everyKind: Readonly<Record<string, ColumnType>> = {
  b: { kind: 'bool' },
  i: { kind: 'int32' },
  l: { kind: 'int64' },
  d: { kind: 'decimal', precision: 18, scale: 2 },
  f: { kind: 'float64' },
  day: { kind: 'date' },
  ts: { kind: 'timestamp' },
  t: { kind: 'text' },
};

const texts = ['', 'a', 'B', 'ab', 'é', 'zz', '\u{1f600}', '\uff5e', 'Paris', 'paris nord'];
const longs: Literal[] = ['9223372036854775807', '-9223372036854775808', 0, 5, -5, '9007199254740993'];

/** Seeded rows of {@link everyKind}: nulls, extremes of every type, year 9999; floats are finite. */
export function everyKindTable(count: number, seed: number): TestTable {
  const random = seeded(seed);
  const int = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const maybe = (value: Literal): Literal => (random() < 0.1 ? null : value);
  const rows = Array.from({ length: count }, () => {
    const ms = random() < 0.02 ? 253_402_300_799_999 : Date.UTC(2010, 0, 1) + int(0, 86_400_000 * 700);
    return {
      b: maybe(random() < 0.5),
      i: maybe(random() < 0.02 ? (random() < 0.5 ? 2_147_483_647 : -2_147_483_648) : int(-20, 40)),
      l: maybe(random() < 0.3 ? longs[int(0, longs.length - 1)]! : int(-1000, 1000)),
      d: maybe((int(-100_000, 100_000) / 100).toFixed(2)),
      f: maybe(random() * 200 - 100),
      day: maybe(new Date(ms).toISOString().slice(0, 10)),
      ts: maybe(new Date(ms).toISOString()),
      t: maybe(texts[int(0, texts.length - 1)]!),
    };
  });
  const live = rows.map(() => random() >= 0.05);
  return {
    head: testHead('table', everyKind, { allocated: count }),
    blocks: testBlocks(everyKind, rows, { live }),
    rows,
    live,
  };
}

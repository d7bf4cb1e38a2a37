import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { ColumnData } from '../../../src/arrow/column-data.ts';
import { isValid } from '../../../src/arrow/column-data.ts';
import { blockRows, type ColumnType } from '../../../src/protocol/column.ts';
import type { TableDriver } from '../table-driver.ts';
import { createDataset, withDirectory } from './driver.testing.ts';
import { duckdbDriver } from './duckdb-driver.ts';
import { TextInterner } from './text-interner.ts';

const text: ColumnType = { kind: 'text' };
const rows = blockRows + 5000;

/** What a store meets: short codes, names, addresses, remarks, documents; many the same, all different, missing. */
const kinds: Record<string, (row: number) => string | null> = {
  codes: (row) => ['FR', 'DE', '', 'a code of more than twelve bytes', 'ZZ'][row % 5]!,
  names: (row) => `customer number ${row} of the shop`,
  mixed: (row) => (row % 3 ? 'x'.repeat(row % 40) : null),
  foreign: (row) => `${'żółw 日本語 👍'.slice(0, row % 12)}${row % 977}`.normalize(),
  long: (row) => (row % 100 === 0 ? `${row} `.repeat(1500) : 'short'),
  alike: (row) => `https://example.org/a/path/that/all/share/${row % 1000}?page=${row % 7}`,
  none: () => null,
};

function columnOf(make: (row: number) => string | null): ColumnData {
  const codes = new Int32Array(rows);
  const validity = new Uint8Array((rows + 7) >> 3);
  const codeOf = new Map<string, number>();
  for (let row = 0; row < rows; row++) {
    const value = make(row)?.toString() ?? null;
    if (value === null) continue;
    validity[row >> 3]! |= 1 << (row & 7);
    if (!codeOf.has(value)) codeOf.set(value, codeOf.size);
    codes[row] = codeOf.get(value)!;
  }
  return { kind: 'text', length: rows, validity, codes, dictionary: [...codeOf.keys()] };
}

async function check(driver: TableDriver, dataset: string): Promise<void> {
  await driver.snapshot(async (snapshot) => {
    for (const [i, [name, make]] of Object.entries(kinds).entries())
      for (const block of [0, 1]) {
        const page = await snapshot.readBlock(dataset, `c${i + 1}`, block);
        if (page.kind !== 'text') throw new Error('A text column came back as another.');
        expect([name, new Set(page.dictionary).size]).toEqual([name, page.dictionary.length]);
        let wrong = -1;
        for (let row = 0; row < page.length && wrong < 0; row++) {
          const value = isValid(page, row) ? page.dictionary[page.codes[row]!] : null;
          if (value !== wellFormed(make(block * blockRows + row))) wrong = row;
        }
        expect([name, block, wrong]).toEqual([name, block, -1]);
      }
  });
}

/** A text as UTF-8 keeps it: half a surrogate pair becomes U+FFFD. */
function wellFormed(value: string | null): string | null {
  return value === null ? null : new TextDecoder().decode(new TextEncoder().encode(value));
}

it('of every kind come back the same, fresh and from compressed segments', async () => {
  await withDirectory(async (directory) => {
    const file = join(directory, 'store.duckdb');
    const driver = await duckdbDriver({ file, threads: 2 });
    const columns = Object.fromEntries(Object.entries(kinds).map(([name, make]) => [name, columnOf(make)]));
    const types = Object.fromEntries(Object.keys(kinds).map((name) => [name, text]));
    const dataset = await createDataset(driver, 'Texts', types, [], { rows, columns });
    await check(driver, dataset);
    await driver.close();
    const reopened = await duckdbDriver({ file, threads: 2 });
    try {
      await check(reopened, dataset);
    } finally {
      await reopened.close();
    }
  });
});

it('interned bytes give the texts of their codes, each once', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'a', 'b', 'ab'))),
      (texts) => {
        const interner = new TextInterner();
        const codes = texts.map((value) => {
          const bytes = Buffer.from(`..${value}..`);
          return interner.codeOf(bytes, 2, bytes.length - 4);
        });
        const dictionary = interner.dictionary();
        expect(codes.map((code) => dictionary[code])).toEqual(texts);
        expect(dictionary).toEqual([...new Set(texts)]);
      },
    ),
  );
});

it('interns more texts than its first tables hold', () => {
  const interner = new TextInterner();
  const texts = Array.from({ length: 30_000 }, (_, i) => `text ${i}`);
  for (let pass = 0; pass < 2; pass++)
    texts.forEach((value, i) => {
      const bytes = Buffer.from(value);
      expect(interner.codeOf(bytes, 0, bytes.length)).toBe(i);
    });
  expect(interner.dictionary()).toEqual(texts);
});

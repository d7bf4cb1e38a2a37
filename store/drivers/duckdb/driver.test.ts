import { describe, expect, it } from 'vitest';
import type { VersionEvent } from '../../../src/protocol/change.ts';
import type { ColumnType } from '../../../src/protocol/column.ts';
import { allRows, batchOf, createDataset, profileOf, withDriver, writeOf } from './driver.testing.ts';
import { duckdbDriver } from './duckdb-driver.ts';

const int64: ColumnType = { kind: 'int64' };
const text: ColumnType = { kind: 'text' };
const money: ColumnType = { kind: 'decimal', precision: 12, scale: 2 };
const float64: ColumnType = { kind: 'float64' };
const orders = { id: int64, state: text, amount: money };

describe('values', () => {
  it('come back as they went in: extremes, nulls, short and long and foreign texts', async () => {
    const types: Record<string, [ColumnType, (string | number | boolean | null)[]]> = {
      b: [{ kind: 'bool' }, [true, false, null, true, false]],
      i: [{ kind: 'int32' }, [2147483647, -2147483648, null, 0, 1]],
      l: [int64, ['9223372036854775807', '-9223372036854775808', null, 0, 1]],
      d: [
        { kind: 'decimal', precision: 18, scale: 4 },
        ['99999999999999.9999', '-0.0001', null, '0.0000', '1.5000'],
      ],
      f: [float64, ['NaN', 'Infinity', null, '-Infinity', 0.1]],
      day: [{ kind: 'date' }, ['9999-12-31', '1815-06-18', null, '1970-01-01', '0001-01-01']],
      at: [
        { kind: 'timestamp' },
        [
          '9999-12-31T23:59:59.999Z',
          '1815-06-18T11:35:00.001Z',
          null,
          '1970-01-01T00:00:00.000Z',
          '2011-12-09T12:50:00.000Z',
        ],
      ],
      t: [
        text,
        [
          '',
          'twelve bytes',
          null,
          'a text that is much longer than twelve bytes: naïve, 日本語, 👍',
          'nul\u0000inside and after',
        ],
      ],
    };
    await withDriver(async (driver) => {
      const names = Object.fromEntries(Object.entries(types).map(([name, [type]]) => [name, type]));
      const id = await createDataset(driver, 'Extremes', names, [], batchOf(types));
      const rows = await driver.snapshot((snapshot) => allRows(snapshot, id));
      for (const [name, [, values]] of Object.entries(types))
        expect(rows.map((row) => row[name])).toEqual(
          values.map((value) =>
            typeof value === 'string' && name === 'd' ? value.replace(/^(-?)\./, '$10.') : value,
          ),
        );
    });
  });

  it('keep the sign of zero', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(driver, 'zeros', { f: float64 }, [], batchOf({ f: [float64, [-0, 0]] }));
      const page = await driver.snapshot((snapshot) => snapshot.readBlock(id, 'c1', 0));
      expect(page.kind === 'float64' && [...page.values].map((value) => Object.is(value, -0))).toEqual([
        true,
        false,
      ]);
    });
  });
});

describe('writes', () => {
  it('upsert by key, the last of a batch winning, columns left out keeping their value', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(driver, 'Orders', orders, ['id']);
      const first = await driver.write(
        writeOf(id, {
          kind: 'upsert',
          batch: batchOf({
            id: [int64, [1, 2, 2]],
            state: [text, ['draft', 'draft', 'paid']],
            amount: [money, ['1.00', '2.00', '2.50']],
          }),
        }),
      );
      expect(first).toMatchObject({ appended: 2, updated: 1, deleted: 0 });
      const second = await driver.write(
        writeOf(id, {
          kind: 'upsert',
          batch: batchOf({ id: [int64, [2, 3]], state: [text, ['shipped', 'new']] }),
        }),
      );
      expect(second).toMatchObject({ version: first.version + 1, appended: 1, updated: 1 });
      await driver.snapshot(async (snapshot) => {
        expect(await allRows(snapshot, id)).toEqual([
          { _live: true, id: 1, state: 'draft', amount: '1.00' },
          { _live: true, id: 2, state: 'shipped', amount: '2.50' },
          { _live: true, id: 3, state: 'new', amount: null },
        ]);
        const changed = await snapshot.readChanged(id, ['c2'], [{ block: 0, since: first.version }]);
        expect([...changed.rows]).toEqual([1, 2]);
        expect(snapshot.head(id, 'public')).toMatchObject({
          allocated: 3,
          revisions: [second.version],
          live: [3],
        });
      });
    });
  });

  it('delete leaves a tombstone, and the key can come back as a new row', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(
        driver,
        'Orders',
        orders,
        ['id'],
        batchOf({ id: [int64, [1, 2]], state: [text, ['a', 'b']], amount: [money, ['1', '2']] }),
      );
      const gone = await driver.write(
        writeOf(id, { kind: 'delete', batch: batchOf({ id: [int64, [2, 2, 9]] }) }),
      );
      expect(gone).toMatchObject({ appended: 0, updated: 0, deleted: 1 });
      const back = await driver.write(
        writeOf(id, {
          kind: 'append',
          batch: batchOf({ id: [int64, [2]], state: [text, ['c']], amount: [money, ['3']] }),
        }),
      );
      await driver.snapshot(async (snapshot) => {
        expect(await allRows(snapshot, id)).toEqual([
          { _live: true, id: 1, state: 'a', amount: '1.00' },
          { _live: false, id: null, state: null, amount: null },
          { _live: true, id: 2, state: 'c', amount: '3.00' },
        ]);
        const { rows, live } = await snapshot.readChanged(
          id,
          ['c1'],
          [{ block: 0, since: gone.version - 1 }],
        );
        expect([[...rows], [...live]]).toEqual([
          [1, 2],
          [0, 1],
        ]);
        expect(snapshot.head(id, 'public')).toMatchObject({ live: [2], revisions: [back.version] });
      });
    });
  });

  it('made together share a version; a wrong one fails alone', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(driver, 'Orders', orders, ['id']);
      const upsert = (value: number | null, state: string) =>
        driver.write(
          writeOf(id, { kind: 'upsert', batch: batchOf({ id: [int64, [value]], state: [text, [state]] }) }),
        );
      const append = (value: number) =>
        driver.write(writeOf(id, { kind: 'append', batch: batchOf({ id: [int64, [value]] }) }));
      const results = await Promise.allSettled([
        upsert(1, 'a'),
        upsert(null, 'b'),
        upsert(1, 'c'),
        append(1),
        append(5),
        append(5),
        driver.write(writeOf('nothing', { kind: 'append', batch: batchOf({ id: [int64, [1]] }) })),
        driver.write(writeOf(id, { kind: 'upsert', batch: batchOf({ id: [text, ['x']] }) })),
      ]);
      expect(
        results.map((result) => (result.status === 'fulfilled' ? 'stored' : result.reason.message)),
      ).toEqual([
        'stored',
        'Row 1 has no id, which is part of the key.',
        'stored',
        'Row 1: Orders already has a row with the key 1. Use upsert to change it.',
        'stored',
        'Row 1: Orders already has a row with the key 5. Use upsert to change it.',
        'There is no data set called nothing here.',
        'The column id holds whole numbers, but was given text.',
      ]);
      const versions = results.flatMap((result) =>
        result.status === 'fulfilled' ? [result.value.version] : [],
      );
      expect(new Set(versions).size).toBe(1);
      const rows = await driver.snapshot((snapshot) => allRows(snapshot, id));
      expect(rows.map((row) => [row.id, row.state])).toEqual([
        [1, 'c'],
        [5, null],
      ]);
    });
  });

  it('with one idempotency key happen once, also after a restart', async () => {
    await withDriver(async (driver, file) => {
      const id = await createDataset(driver, 'Orders', orders, []);
      const write = writeOf(id, { kind: 'append', batch: batchOf({ id: [int64, [1]] }) }, 'once');
      const [first, again] = await Promise.all([driver.write(write), driver.write(write)]);
      expect(again).toEqual(first);
      await driver.close();
      const reopened = await duckdbDriver({ file });
      try {
        expect(await reopened.write(write)).toEqual(first);
        await expect(reopened.write({ ...write, fingerprint: 'other' })).rejects.toMatchObject({
          tag: 'conflict',
        });
        expect(reopened.datasets()[0]).toMatchObject({ rows: 1, version: first.version });
      } finally {
        await reopened.close();
      }
    });
  });

  it('take composite and text keys, and announce what they touch', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(
        driver,
        'Lines',
        { order: text, line: { kind: 'int32' }, quantity: int64 },
        ['order', 'line'],
      );
      const events: VersionEvent[] = [];
      driver.onVersion((event) => events.push(event));
      const upsert = (order: string[], line: number[], quantity: number[]) =>
        driver.write(
          writeOf(id, {
            kind: 'upsert',
            batch: batchOf({
              order: [text, order],
              line: [{ kind: 'int32' }, line],
              quantity: [{ kind: 'int32' }, quantity],
            }),
          }),
        );
      const one = await upsert(['a1', 'a', 'an order with a long number'], [1, 11, 1], [1, 2, 3]);
      const two = await upsert(['a', 'an order with a long number'], [1, 1], [4, 5]);
      expect([one, two].map(({ appended, updated }) => [appended, updated])).toEqual([
        [3, 0],
        [1, 1],
      ]);
      expect(events.map(({ version, previous, datasets }) => [version, previous, datasets[0]])).toEqual([
        [
          one.version,
          one.version - 1,
          {
            id,
            epoch: expect.any(String),
            headChanged: false,
            allocated: 3,
            blocks: [{ block: 0, live: 3 }],
          },
        ],
        [
          two.version,
          one.version,
          {
            id,
            epoch: expect.any(String),
            headChanged: false,
            allocated: 4,
            blocks: [{ block: 0, live: 4 }],
          },
        ],
      ]);
    });
  });

  it('of a profile change the head, and refuse a key that rows repeat', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(
        driver,
        'Orders',
        orders,
        [],
        batchOf({ id: [int64, [1, 2]], state: [text, ['a', 'a']] }),
      );
      const profile = (keys: string[], zone = 'Europe/Paris') =>
        driver.write(
          writeOf(id, { kind: 'profile', profile: profileOf(keys, { zone, labels: { state: 'State' } }) }),
        );
      await expect(profile(['state'])).rejects.toMatchObject({
        message: 'Rows 1 and 2 have the same state, so it cannot be the key.',
      });
      await expect(profile(['nothing'])).rejects.toMatchObject({
        message: "The profile's key names a column that is not there: nothing.",
      });
      await expect(profile([], 'Mars/Olympus')).rejects.toMatchObject({ tag: 'invalid' });
      await profile(['id']);
      const head = await driver.snapshot(async (snapshot) => snapshot.head(id, 'public'));
      expect(head.profile).toMatchObject({ keys: ['c1'], labels: { c2: 'State' } });
      expect(Object.keys(head.zones)).toEqual(['UTC', 'Europe/Paris']);
    });
  });
});

describe('snapshots', () => {
  it('see one version while others write, also of a table that is replaced or dropped', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(
        driver,
        'Orders',
        orders,
        ['id'],
        batchOf({ id: [int64, [1]], state: [text, ['old']] }),
      );
      await driver.snapshot(async (before) => {
        expect((await allRows(before, id))[0]).toMatchObject({ state: 'old' });
        await driver.write(
          writeOf(id, {
            kind: 'upsert',
            batch: batchOf({ id: [int64, [1, 2]], state: [text, ['new', 'new']] }),
          }),
        );
        expect(await allRows(before, id)).toHaveLength(1);
        const session = await driver.beginImport({
          name: 'Orders',
          mode: 'replace',
          columns: [{ name: 'id', type: int64 }],
          profile: profileOf([]),
        });
        await session.commit();
        expect(await allRows(before, id)).toEqual([{ _live: true, id: 1, state: 'old', amount: null }]);
        await driver.drop(id);
        expect(await allRows(before, id)).toEqual([{ _live: true, id: 1, state: 'old', amount: null }]);
      });
      await expect(driver.snapshot(async (after) => after.head(id, 'public'))).rejects.toMatchObject({
        tag: 'missing',
      });
      expect(driver.datasets()).toEqual([]);
    });
  });

  it('refuse what is not there', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(driver, 'Orders', orders, []);
      await expect(driver.snapshot((snapshot) => snapshot.readBlock(id, 'c1', 0))).rejects.toMatchObject({
        tag: 'missing',
      });
      await expect(driver.snapshot((snapshot) => snapshot.readBlock(id, 'c9', 0))).rejects.toMatchObject({
        tag: 'missing',
      });
      await expect(driver.snapshot(async (snapshot) => snapshot.head('no', 'public'))).rejects.toMatchObject({
        tag: 'missing',
      });
    });
  });
});

import { describe, expect, it } from 'vitest';
import type { ColumnType } from '../../../src/protocol/column.ts';
import { allRows, batchOf, createDataset, profileOf, withDriver, writeOf } from './driver.testing.ts';

const int64: ColumnType = { kind: 'int64' };
const text: ColumnType = { kind: 'text' };

describe('imports', () => {
  it('aborted or failing leave nothing; create refuses a name in use', async () => {
    await withDriver(async (driver) => {
      const options = {
        name: 'Orders',
        mode: 'create' as const,
        columns: [{ name: 'id', type: int64 }],
        profile: profileOf(['id']),
      };
      const aborted = await driver.beginImport(options);
      await aborted.append(batchOf({ id: [int64, [1, 2]] }));
      await aborted.abort();
      await expect(aborted.append(batchOf({ id: [int64, [1]] }))).rejects.toMatchObject({ tag: 'gone' });
      const failing = await driver.beginImport(options);
      await failing.append(batchOf({ id: [int64, [1, 2, 1]] }));
      await expect(failing.commit()).rejects.toMatchObject({
        message: 'Rows 1 and 3 have the same id, so it cannot be the key.',
      });
      expect(driver.datasets()).toEqual([]);
      const good = await driver.beginImport(options);
      await good.append(batchOf({ id: [int64, [1, 2]] }));
      const receipt = await good.commit();
      expect(receipt).toMatchObject({ appended: 2, dataset: 'orders', version: 1 });
      await expect(driver.beginImport(options)).rejects.toMatchObject({ tag: 'conflict' });
    });
  });

  it('append and upsert by name, with new columns; replace keeps the ids of columns that stay', async () => {
    await withDriver(async (driver) => {
      const id = await createDataset(
        driver,
        'Orders',
        { id: int64, state: text },
        ['id'],
        batchOf({ id: [int64, [1, 2]], state: [text, ['a', 'b']] }),
      );
      const epoch = driver.datasets()[0]!.epoch;
      const upsert = await driver.beginImport({
        name: 'Orders',
        mode: 'upsert',
        columns: [
          { name: 'id', type: { kind: 'int32' } },
          { name: 'note', type: text },
        ],
        profile: profileOf([]),
      });
      const int32: ColumnType = { kind: 'int32' };
      await upsert.append(batchOf({ id: [int32, [2, 3]], note: [text, ['x', 'y']] }));
      await upsert.append(batchOf({ note: [text, ['z', 'w']], id: [int32, [3, 4]] }));
      expect(await upsert.commit()).toMatchObject({ appended: 2, updated: 1 });
      const append = await driver.beginImport({
        name: 'Orders',
        mode: 'append',
        columns: [{ name: 'id', type: int64 }],
        profile: profileOf([]),
      });
      await append.append(batchOf({ id: [int64, [4]] }));
      await expect(append.commit()).rejects.toMatchObject({
        message: 'Row 1: Orders already has a row with its key. Use upsert to change it.',
      });
      const more = await driver.beginImport({
        name: 'Orders',
        mode: 'append',
        columns: [{ name: 'id', type: int64 }],
        profile: profileOf([]),
      });
      await more.append(batchOf({ id: [int64, [7]] }));
      expect(await more.commit()).toMatchObject({ appended: 1, updated: 0 });
      expect(await driver.snapshot((snapshot) => allRows(snapshot, id))).toEqual([
        { _live: true, id: 1, state: 'a', note: null },
        { _live: true, id: 2, state: 'b', note: 'x' },
        { _live: true, id: 3, state: null, note: 'z' },
        { _live: true, id: 4, state: null, note: 'w' },
        { _live: true, id: 7, state: null, note: null },
      ]);
      await driver.write(
        writeOf(id, { kind: 'append', batch: batchOf({ id: [int64, [8]], note: [text, ['n']] }) }),
      );
      expect(driver.datasets()[0]!.epoch).toBe(epoch);
      await expect(
        driver.beginImport({
          name: 'Orders',
          mode: 'append',
          columns: [{ name: 'id', type: text }],
          profile: profileOf([]),
        }),
      ).rejects.toMatchObject({ tag: 'invalid' });
      const replace = await driver.beginImport({
        name: 'Orders',
        mode: 'replace',
        columns: [
          { name: 'note', type: text },
          { name: 'id', type: text },
        ],
        profile: profileOf(['id']),
      });
      await replace.commit();
      const head = await driver.snapshot(async (snapshot) => snapshot.head(id, 'public'));
      expect(head.columns.map(({ id, name }) => [id, name])).toEqual([
        ['c3', 'note'],
        ['c4', 'id'],
      ]);
      expect(head.epoch).not.toBe(epoch);
    });
  });
});

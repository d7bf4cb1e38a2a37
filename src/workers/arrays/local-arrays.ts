import { chunkFor } from '../../arrays/geometry.ts';
import { encodeCells } from '../../arrays/pyramid/cells-page.ts';
import { reducedAxes } from '../../arrays/pyramid/level-grid.ts';
import { gridsOf } from '../../arrays/pyramid/picture.ts';
import { chunkVolume } from '../../arrays/shape.ts';
import { emptyChecksum, loadChecksum } from '../../arrow/checksum.ts';
import type { ArrayHead } from '../../protocol/array.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { cancelled, ExaError } from '../../protocol/errors.ts';
import { localPrefix } from '../../protocol/local.ts';
import { randomKey } from '../../protocol/random-key.ts';
import type { ActivityOptions, ArrayStoreClient } from '../../storage/array-store-client.ts';
import { openLocalDatabase } from '../../storage/local-database.ts';
import { sourceOf } from './file-source.ts';
import {
  cellsOf,
  chunkPages,
  type KeptPage,
  keyOf,
  localVersion,
  type Page,
  placesOf,
} from './local-pages.ts';

/** Arrays kept in this browser for as long as its user wants: made of a file, whole or not at all; read, never written. */
export interface LocalArrays extends ArrayStoreClient {
  /** Of a `.npy` file, or of a text file of numbers. */
  keep(file: Blob, name: string, options?: ActivityOptions): Promise<string>;
  drop(array: string): Promise<void>;
}

/** Pages read in one transaction. */
const readAtOnce = 16;

/** Opens them; the database itself is opened when first used. What a killed tab left of a file is removed. */
export function openLocalArrays({
  name,
  locks = globalThis.navigator?.locks,
  now = Date.now,
}: {
  readonly name: string;
  readonly locks?: LockManager;
  readonly now?: () => number;
}): LocalArrays {
  const database = openLocalDatabase(name);
  const rangeOf = (epoch: string) => IDBKeyRange.bound(`${epoch}/`, `${epoch}/\uffff`);

  const heads = () =>
    database.read(async (transaction) => (await transaction.getAll('tables')) as readonly ArrayHead[]);

  const headOf = async (array: string): Promise<ArrayHead> => {
    const head = (await database.read((transaction) => transaction.get('tables', array))) as
      | ArrayHead
      | undefined;
    if (!head)
      throw new ExaError('missing', 'This array is no longer kept on this device.', { facts: { array } });
    return head;
  };

  const putPages = async (pages: readonly Page[]): Promise<void> => {
    await database.write(async (transaction) => {
      for (const [key, page] of pages) transaction.put('pages', key, page);
    });
  };

  const pagesAt = async (
    epoch: string,
    level: number,
    places: readonly (readonly number[])[],
  ): Promise<KeptPage[]> => {
    const found = (await database.read((transaction) =>
      Promise.all(places.map((place) => transaction.get('pages', keyOf(epoch, level, place)))),
    )) as (KeptPage | undefined)[];
    return found.map((page) => {
      if (page) return page;
      throw new ExaError(
        'corrupt',
        'A part of this array is no longer in this browser: bring its file in again.',
      );
    });
  };

  const holding = async <T>(epoch: string, work: () => Promise<T>): Promise<T> =>
    locks ? ((await locks.request(`${name}/${epoch}`, work)) as T) : await work();

  /** Pages no head names and no tab is writing. */
  const sweep = async (): Promise<void> => {
    const known = new Set((await heads()).map(({ epoch }) => epoch));
    const keys = await database.read((transaction) => transaction.keys('pages'));
    const left = new Set(
      keys.map((key) => String(key).split('/', 1)[0]!).filter((epoch) => !known.has(epoch)),
    );
    for (const epoch of left)
      await locks?.request(`${name}/${epoch}`, { ifAvailable: true }, async (lock) => {
        if (lock) await database.write(async (transaction) => transaction.del('pages', rangeOf(epoch)));
      });
  };
  void sweep().catch(() => {});

  return {
    async arrays() {
      const arrays = await heads();
      const asOf = arrays.reduce(
        (last, head) => (head.asOf > last ? head.asOf : last),
        new Date(now()).toISOString(),
      );
      return { version: localVersion, asOf, arrays };
    },
    head: headOf,
    async *batch(array, { epoch, items }, { signal } = {}): AsyncGenerator<BatchPart> {
      const head = await headOf(array);
      if (head.epoch !== epoch)
        throw new ExaError('gone', `The array ${head.name} was replaced: read its head again.`);
      let item = 0;
      for (const { level, chunks, since } of items)
        for (let from = 0; from < chunks.length; from += readAtOnce) {
          if (signal?.aborted) throw cancelled();
          const some = chunks.slice(from, from + readAtOnce);
          const wanted = some.filter((_, i) => (since?.[from + i] ?? -1) < localVersion);
          const pages = (await pagesAt(epoch, level, wanted))[Symbol.iterator]();
          for (const i of some.keys()) {
            const part = {
              item: item++,
              version: localVersion,
              block: 0,
              level,
              revision: localVersion,
            };
            if ((since?.[from + i] ?? -1) >= localVersion)
              yield { ...part, kind: 'patch', checksum: emptyChecksum, body: new Uint8Array() };
            else {
              const { bytes, checksum } = pages.next().value!;
              yield { ...part, kind: 'page', checksum, body: bytes };
            }
          }
        }
    },
    async evaluate() {
      throw new ExaError('refused', 'Arrays of this browser are calculated with in this browser.');
    },
    async rechunk() {
      throw new ExaError('refused', 'An array kept in this browser has the chunks it was kept in.');
    },
    async keep(file, title, { signal, progress = () => {} } = {}) {
      const checksum = await loadChecksum();
      const epoch = randomKey();
      const source = await sourceOf(file, title);
      const { dtype } = source;
      const shape = source.shape.map(BigInt);
      const isMap = shape.length > 1 && shape.slice(-2).every((size) => size > 64n);
      const chunk = chunkFor(isMap ? 'tiles' : 'rows', shape, dtype);
      const id = `${localPrefix}${randomKey()}`;
      const bare = {
        id,
        name: title,
        epoch,
        scope: 'public',
        version: localVersion,
        shape: shape.map(String),
        dtype,
        chunk,
        order: 'C' as const,
        fill: dtype.startsWith('float') ? 'NaN' : 0,
        reduced: reducedAxes(shape),
      };
      const stopIfAborted = () => {
        if (signal?.aborted) throw cancelled();
      };
      const pageOf = (level: number, place: readonly number[], bytes: Uint8Array): Page => [
        keyOf(epoch, level, place),
        { bytes, checksum: checksum(bytes) },
      ];
      return await holding(epoch, async () => {
        try {
          let chunks = 0;
          let bytes = 0;
          const elements = Math.max(1, chunkVolume(source.shape));
          let done = 0;
          for await (const pages of chunkPages(source, chunk, pageOf)) {
            stopIfAborted();
            await putPages(pages);
            chunks += pages.length;
            for (const [, page] of pages) bytes += page.bytes.byteLength;
            done += pages.length * chunkVolume(chunk);
            progress(0.6 * Math.min(1, done / elements));
          }
          const head: ArrayHead = { ...bare, chunks, bytes, asOf: new Date(now()).toISOString() };
          const grids = gridsOf(head);
          for (const grid of grids.slice(1)) {
            let pages: Page[] = [];
            for (const place of placesOf(grid)) {
              stopIfAborted();
              const cells = await cellsOf(head, grids, grid, place, (level, places) =>
                pagesAt(epoch, level, places),
              );
              pages.push(pageOf(grid.level, place, encodeCells(cells)));
              if (pages.length < readAtOnce) continue;
              await putPages(pages);
              pages = [];
              progress(0.6 + 0.4 * ((grid.level - 1) / (grids.length - 1)));
            }
            await putPages(pages);
          }
          stopIfAborted();
          await database.write(async (transaction) => transaction.put('tables', id, head));
          progress(1);
          return id;
        } catch (error) {
          await database
            .write(async (transaction) => transaction.del('pages', rangeOf(epoch)))
            .catch(() => {});
          throw error;
        }
      });
    },
    async drop(array) {
      const { epoch } = await headOf(array);
      await database.write(async (transaction) => {
        transaction.del('tables', array);
        transaction.del('pages', rangeOf(epoch));
      });
    },
  };
}

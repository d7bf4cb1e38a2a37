import { isArrayTable, parseArrayTable } from '../../protocol/array-table.ts';
import type { BatchPart } from '../../protocol/batch.ts';
import { lazily } from '../../protocol/lazily.ts';
import type { ArrayStoreClient } from '../../storage/array-store-client.ts';
import type { StoreClient } from '../../storage/store-client.ts';

/** The data sets of this browser, and under `array:ID` its arrays, each block made of its chunks when it is asked for. */
export function withLocalArrays<S extends StoreClient>(store: S, arrays: () => Promise<ArrayStoreClient>): S {
  /** Code of arrays, fetched with the first one. */
  const blocks = lazily(async () => {
    const [source, { arrayBlocks }] = await Promise.all([arrays(), import('./array-blocks.ts')]);
    return arrayBlocks(source);
  });
  return {
    ...store,
    async head(dataset, options) {
      if (!isArrayTable(dataset)) return store.head(dataset, options);
      const { version } = await store.health();
      return (await blocks()).head(parseArrayTable(dataset)!.array, dataset, version);
    },
    async *batch({ items }, options): AsyncGenerator<BatchPart> {
      const places = items.map((item, at) => ({ item, at }));
      const own = places.filter(({ item }) => !isArrayTable(item.dataset));
      if (own.length > 0)
        for await (const part of store.batch({ items: own.map(({ item }) => item) }, options))
          yield { ...part, item: own[part.item]!.at };
      if (own.length === items.length) return;
      const { version } = await store.health(options);
      const { parts } = await blocks();
      for (const { item, at } of places)
        if (isArrayTable(item.dataset))
          for await (const part of parts(item, options?.signal)) yield { ...part, item: at, version };
    },
  };
}

import { httpStore } from '../../src/storage/http-store.ts';
import { openStorage } from '../../src/storage/open-storage.ts';
import { filesDirectory, removeFiles } from '../../src/storage/page-files.ts';
import { workerPlaces } from '../../src/workers/data-worker.ts';
import { fetcherOver } from '../../src/workers/fetcher.ts';
import { fileDesk } from '../../src/workers/file-desk.ts';
import { computeHere } from '../../src/workers/open-coordinator.ts';
import { computePool } from '../../src/workers/pool.ts';
import { wireOf } from '../../src/workers/rpc.ts';
import type { StreamAsk } from '../bench-pages.ts';

/**
 * Milliseconds to bring pages from the store to the page cache with the coordinator's own parts: batches through the
 * fetcher, each page checked, kept through the byte budget.
 */
export async function streamAndKeep(ask: StreamAsk): Promise<{ ms: number; bytes: number }> {
  const { storeUrl, dataset, epoch, columns, blocks } = ask;
  const name = `stream-${Math.random()}`;
  const pool = computePool(computeHere);
  const { port1, port2 } = new MessageChannel();
  const worker = workerPlaces()[0]!.dedicated();
  worker.postMessage({ port: port1 }, [port1]);
  pool.add(wireOf(port2));
  const desk = fileDesk();
  desk.join(pool);
  const storage = await openStorage({ name, writeFile: desk.write });
  await storage.pages.report();
  const began = performance.now();
  const fetcher = fetcherOver(httpStore(storeUrl));
  let bytes = 0;
  const kept: Promise<void>[] = [];
  const pages: { block: number; column: string }[] = [];
  for (let block = 0; block < blocks; block++) for (const column of columns) pages.push({ block, column });
  await Promise.all(
    pages.map(async ({ block, column }) => {
      const slot = `${dataset}/${epoch}/public/${block}/${column}`;
      const part = await fetcher.fetch(
        { kind: 'page', key: slot, bytes: 524_800, dataset, epoch, column, block },
        { priority: 'background' },
      );
      bytes += part.body.byteLength;
      const page = { slot, revision: part.revision, checksum: part.checksum, bytes: part.body };
      kept.push(storage.pages.putMany([page]));
    }),
  );
  await Promise.all(kept);
  const ms = performance.now() - began;
  fetcher.close();
  await storage.close();
  indexedDB.deleteDatabase(name);
  await removeFiles(filesDirectory(name));
  worker.terminate();
  return { ms, bytes };
}

import { computePool, type Pool } from './pool.ts';
import { wireOf } from './rpc.ts';

/** A pool of one real compute worker; `closers` gets what ends it. */
export function realPool(closers: (() => unknown)[]): Pool {
  const worker = new Worker(new URL('./data.worker.ts', import.meta.url), { type: 'module' });
  const { port1, port2 } = new MessageChannel();
  worker.postMessage({ port: port1 }, [port1]);
  const pool = computePool(() => {
    throw new Error('No worker is left.');
  });
  pool.add(wireOf(port2));
  closers.push(() => worker.terminate());
  return pool;
}

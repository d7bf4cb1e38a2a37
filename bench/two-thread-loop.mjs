// Two threads that read a file of float64 from its beginning and add it up: `node two-thread-loop.mjs FILE COUNT`, in ms.
import { closeSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';

const blockBytes = 2 ** 18;

if (isMainThread) {
  const [file, count] = process.argv.slice(2);
  const bytes = Number(count) * 8;
  const half = Math.ceil(bytes / 2 / blockBytes) * blockBytes;
  const threads = [
    [0, half],
    [half, bytes],
  ].map(
    ([from, to]) =>
      new Promise((resolve, reject) => {
        const worker = new Worker(fileURLToPath(import.meta.url), { workerData: { file, from, to } });
        worker.once('error', reject);
        worker.once('message', () => resolve(worker));
      }),
  );
  const workers = await Promise.all(threads);
  const began = performance.now();
  await Promise.all(
    workers.map(
      (worker) =>
        new Promise((resolve) => {
          worker.once('message', resolve);
          worker.postMessage('go');
        }),
    ),
  );
  console.log(performance.now() - began);
  process.exit(0);
} else {
  const { file, from, to } = workerData;
  parentPort.once('message', () => {
    const handle = openSync(file, 'r');
    const block = new Uint8Array(blockBytes);
    const numbers = new Float64Array(block.buffer);
    let sum = 0;
    for (let at = from; at < to; ) {
      const got = readSync(handle, block, 0, Math.min(blockBytes, to - at), at);
      if (got === 0) break;
      const whole = got >> 3;
      for (let i = 0; i < whole; i++) sum += numbers[i];
      at += got;
    }
    closeSync(handle);
    parentPort.postMessage(sum);
  });
  parentPort.postMessage('ready');
}

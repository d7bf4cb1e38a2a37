import type { FitRequest, FitResult } from '../../src/protocol/fit.ts';
import { openWorkbenchClient, type WorkbenchClient } from '../../src/workers/client.ts';
import type { MlPages } from '../ml-task.ts';

const worker = new Worker(new URL('./ml.worker.ts', import.meta.url), { type: 'module' });
const waiting = new Map<number, { resolve(value: never): void; reject(error: Error): void }>();
let last = 0;
worker.onmessage = ({ data }: MessageEvent<{ id: number; value?: never; error?: string }>) => {
  const call = waiting.get(data.id);
  waiting.delete(data.id);
  if (data.error !== undefined) call?.reject(new Error(data.error));
  else call?.resolve(data.value as never);
};

function call<T>(name: string, argument: unknown): Promise<T> {
  return new Promise((resolve, reject) => {
    const id = ++last;
    waiting.set(id, { resolve: resolve as (value: never) => void, reject });
    worker.postMessage({ id, name, argument });
  });
}

let client: WorkbenchClient | undefined;

const ml: MlPages = {
  prepare: (origin) => call('prepare', origin),
  run: (task) => call('run', task),
  stream: (ask) => call('stream', ask),
  open(storeUrl) {
    client?.close();
    client = openWorkbenchClient({ storeUrl });
  },
  fit(asked) {
    const request = JSON.parse(asked) as FitRequest;
    const begun = performance.now();
    let first = 0;
    let passes = 0;
    return new Promise((resolve, reject) => {
      client!.fits!.fit(request, {
        result(result: FitResult) {
          first ||= performance.now() - begun;
          if (result.stage !== 'final') return;
          const { picture } = result;
          const check =
            picture.kind === 'regression'
              ? picture.coefficients!.values.reduce((sum, value) => sum + Math.abs(value), 0)
              : picture.kind === 'clusters'
                ? picture.inertia!
                : Number.NaN;
          resolve({
            ms: performance.now() - begun,
            firstMs: first,
            passes,
            used: result.coverage.used,
            check,
          });
        },
        progress({ blocks, blocksTotal, done }) {
          if (done === 1 && blocks === blocksTotal) passes++;
        },
        failed: reject,
      });
    });
  },
};

Object.assign(globalThis, { ml, bench: ml });

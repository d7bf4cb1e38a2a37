import { httpStore } from '../../src/storage/http-store.ts';
import { fetcherOver } from '../../src/workers/fetcher.ts';
import type { StreamAsk, Streamed } from '../bench-pages.ts';
import { tasksOf } from './tasks.ts';

/** Runs tasks where fits run: in a module worker. */
declare const self: {
  onmessage: ((event: MessageEvent<Call>) => void) | null;
  postMessage(message: unknown): void;
};

let tasks: ReturnType<typeof tasksOf> | undefined;

async function prepare(origin: string): Promise<void> {
  const shapes = (await (await fetch(`${origin}/ml/shapes.json`)).json()) as Record<string, number[]>;
  const arrays = new Map<string, { values: Float64Array; shape: number[] }>();
  for (const [name, shape] of Object.entries(shapes)) {
    const response = await fetch(`${origin}/ml/${name}.f64`);
    arrays.set(name, { values: new Float64Array(await response.arrayBuffer()), shape });
  }
  tasks = tasksOf((name) => arrays.get(name)!);
}

function run(name: string): { ms: number[]; check: number } {
  const { times, task } = tasks![name]!;
  const ms: number[] = [];
  let check: number | (() => number) = Number.NaN;
  for (let i = 0; i < times; i++) {
    const begun = performance.now();
    check = task();
    ms.push(performance.now() - begun);
  }
  return { ms, check: typeof check === 'function' ? check() : check };
}

/** Blocks under way at once. */
const lanes = 4;

async function stream({ storeUrl, dataset, epoch, columns, blocks }: StreamAsk): Promise<Streamed> {
  const fetcher = fetcherOver(httpStore(storeUrl));
  const begun = performance.now();
  let bytes = 0;
  let next = 0;
  const lane = async () => {
    while (next < blocks) {
      const block = next++;
      const parts = await Promise.all(
        columns.map((column) =>
          fetcher.fetch(
            { kind: 'page', key: `${block}/${column}`, bytes: 524_800, dataset, epoch, column, block },
            { priority: 'background' },
          ),
        ),
      );
      for (const { body } of parts) bytes += body.byteLength;
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  fetcher.close();
  return { ms: performance.now() - begun, bytes };
}

type Call =
  | { readonly id: number; readonly name: 'prepare' | 'run'; readonly argument: string }
  | { readonly id: number; readonly name: 'stream'; readonly argument: StreamAsk };

self.onmessage = async ({ data }: MessageEvent<Call>) => {
  try {
    const value =
      data.name === 'stream'
        ? await stream(data.argument)
        : data.name === 'prepare'
          ? await prepare(data.argument)
          : run(data.argument);
    self.postMessage({ id: data.id, value });
  } catch (error) {
    self.postMessage({ id: data.id, error: error instanceof Error ? error.message : String(error) });
  }
};

import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { ArrayFacts } from '../../../src/arrays/expression/compile.ts';
import type { PieceResult } from '../../../src/arrays/expression/evaluate.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import { ExaError, fromWireError, type WireError } from '../../../src/protocol/errors.ts';
import type { Progress } from '../chunk-driver.ts';
import type { PieceTask } from './piece-reader.ts';

/** The threads of evaluations. */
export interface CrewOptions {
  /** As many as processors, at most 4, where little is not read. */
  readonly threads?: number;
  /** The built script of a thread; the one beside this one by default. Without one, all is done on this thread. */
  readonly script?: string;
}

/** An expression that threads compute pieces of. */
export interface Job {
  readonly expression: Expression;
  readonly arrays: readonly ArrayFacts[];
}

/** To a thread: a job begins, some of its pieces, it is over. */
export type CrewCall =
  | ({ readonly kind: 'begin' } & Job)
  | { readonly kind: 'turn'; readonly tasks: readonly PieceTask[] }
  | { readonly kind: 'end' };

/** From a thread, for each turn. */
export type CrewReply =
  | { readonly kind: 'done'; readonly results: readonly PieceResult[] }
  | { readonly kind: 'failed'; readonly error: WireError };

type Take = (turn: readonly PieceTask[], results: readonly PieceResult[]) => void;

/** Turns a thread has waiting. */
const turnsAhead = 2;
/** A thread without work is let go after this long: starting one costs what a quarter of a gigabyte does. */
const idleMs = 60_000;

/** Threads that stay for the next evaluation. */
export class Crew {
  /** Threads an evaluation gets; 1: none, it goes on where it is. */
  readonly size: number;
  readonly #script: string | undefined;
  readonly #idle: Worker[] = [];
  readonly #all = new Set<Worker>();
  #letGo: ReturnType<typeof setTimeout> | undefined;

  constructor({ threads = Math.min(4, availableParallelism()), script = builtScript() }: CrewOptions = {}) {
    this.#script = script;
    this.size = script === undefined ? 1 : threads;
  }

  /** Turns go to whichever thread is free; the first failure ends all. */
  async run(
    job: Job,
    turns: Iterator<readonly PieceTask[]>,
    take: Take,
    { signal }: Progress,
  ): Promise<void> {
    clearTimeout(this.#letGo);
    const workers = Array.from({ length: this.size }, () => this.#idle.pop() ?? this.#start());
    const ended: (() => void)[] = [];
    try {
      await Promise.all(workers.map((worker) => work(worker, job, turns, take, signal, ended)));
      for (const worker of workers) this.#rest(worker);
    } catch (error) {
      // What they are at is of no use any more.
      await Promise.all(workers.map((worker) => worker.terminate()));
      throw error;
    } finally {
      for (const end of ended) end();
    }
  }

  async close(): Promise<void> {
    clearTimeout(this.#letGo);
    this.#idle.length = 0;
    await Promise.all([...this.#all].map((worker) => worker.terminate()));
  }

  #start(): Worker {
    const worker = new Worker(this.#script!);
    this.#all.add(worker);
    worker.once('exit', () => {
      this.#all.delete(worker);
      const at = this.#idle.indexOf(worker);
      if (at >= 0) this.#idle.splice(at, 1);
    });
    // An idle thread that fails is gone, and its failure nobody's.
    worker.on('error', () => undefined);
    return worker;
  }

  #rest(worker: Worker): void {
    worker.postMessage({ kind: 'end' } satisfies CrewCall);
    worker.unref();
    if (this.#idle.length >= this.size) void worker.terminate();
    else this.#idle.push(worker);
    clearTimeout(this.#letGo);
    this.#letGo = setTimeout(() => {
      for (const one of this.#idle.splice(0)) void one.terminate();
    }, idleMs);
    this.#letGo.unref();
  }
}

function work(
  worker: Worker,
  job: Job,
  turns: Iterator<readonly PieceTask[]>,
  take: Take,
  signal: AbortSignal | undefined,
  ended: (() => void)[],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const waiting: (readonly PieceTask[])[] = [];
    const next = () => {
      const turn = turns.next();
      if (turn.done) {
        if (waiting.length === 0) resolve();
        return;
      }
      waiting.push(turn.value);
      worker.postMessage({ kind: 'turn', tasks: turn.value } satisfies CrewCall);
    };
    const onMessage = (reply: CrewReply) => {
      try {
        if (reply.kind === 'failed') throw fromWireError(reply.error);
        take(waiting.shift()!, reply.results);
        next();
      } catch (error) {
        reject(error);
      }
    };
    const onExit = (code: number) =>
      reject(new ExaError('broken', `A thread of the store ended with ${code} while it calculated.`));
    const onAbort = () => reject(signal!.reason);
    worker.ref();
    worker.on('message', onMessage);
    worker.on('error', reject);
    worker.on('exit', onExit);
    signal?.addEventListener('abort', onAbort, { once: true });
    ended.push(() => {
      worker.off('message', onMessage);
      worker.off('error', reject);
      worker.off('exit', onExit);
      signal?.removeEventListener('abort', onAbort);
    });
    if (signal?.aborted) return reject(signal.reason);
    worker.postMessage({ kind: 'begin', ...job } satisfies CrewCall);
    for (let i = 0; i < turnsAhead; i++) next();
  });
}

/** The built script of a thread; none when the store runs from its sources, in tests. */
function builtScript(): string | undefined {
  const here = dirname(fileURLToPath(import.meta.url));
  return [here, join(here, '..')]
    .map((folder) => join(folder, 'evaluate-worker.js'))
    .find((file) => existsSync(file));
}

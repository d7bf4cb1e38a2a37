import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { ExaError, fromWireError } from '../../src/protocol/errors.ts';
import { fitThread, type ThreadAsk, type ThreadReply, type ThreadTurn, threadMark } from './fit-thread.ts';

/** A thread of its own for one fit, so that the store answers others meanwhile. */
export interface FitThread {
  call(ask: ThreadAsk): Promise<ThreadTurn>;
  /** Ends it at once, whatever it does. */
  close(): void;
}

/** The script of the built store; run from its sources, the store computes fits in its own thread. */
const script = new URL('./fit-thread.js', import.meta.url);

export function openFitThread(): FitThread {
  if (!existsSync(fileURLToPath(script))) return { call: fitThread(), close: () => {} };
  const worker = new Worker(script, { workerData: threadMark });
  const open = new Map<number, { resolve(turn: ThreadTurn): void; reject(error: ExaError): void }>();
  let last = 0;
  let ended: ExaError | undefined;
  const end = (error: ExaError) => {
    ended ??= error;
    for (const call of open.values()) call.reject(ended);
    open.clear();
  };
  worker.on('message', (reply: ThreadReply) => {
    const call = open.get(reply.id);
    open.delete(reply.id);
    if ('error' in reply) call?.reject(fromWireError(reply.error));
    else call?.resolve(reply.value);
  });
  worker.on('error', (cause) =>
    end(new ExaError('broken', `The thread of a fit stopped: ${cause.message}`, { cause })),
  );
  worker.on('exit', () => end(new ExaError('cancelled', 'The fit was cancelled.')));
  return {
    call(ask) {
      if (ended) return Promise.reject(ended);
      const id = ++last;
      return new Promise((resolve, reject) => {
        open.set(id, { resolve, reject });
        worker.postMessage({ id, ask });
      });
    },
    close: () => void worker.terminate(),
  };
}

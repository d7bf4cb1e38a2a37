import { parentPort, workerData } from 'node:worker_threads';
import type { ArrayFacts } from '../../../src/arrays/expression/compile.ts';
import { loadChecksum } from '../../../src/arrow/checksum.ts';
import type { Expression } from '../../../src/protocol/array-expression.ts';
import { toWireError } from '../../../src/protocol/errors.ts';
import { type PieceTask, pieceReader } from './piece-reader.ts';

/** A thread that computes pieces of one expression: tasks in, results or one failure out. */
const { expression, arrays } = workerData as { expression: Expression; arrays: readonly ArrayFacts[] };
const port = parentPort;

if (port) {
  const reader = pieceReader(expression, arrays, await loadChecksum());
  port.on('message', (tasks: readonly PieceTask[]) => {
    try {
      port.postMessage({ kind: 'done', results: reader.run(tasks) });
    } catch (error) {
      port.postMessage({ kind: 'failed', error: toWireError(error) });
    }
  });
}

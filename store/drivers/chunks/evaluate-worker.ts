import { parentPort } from 'node:worker_threads';
import { loadChecksum } from '../../../src/arrow/checksum.ts';
import { ExaError, toWireError } from '../../../src/protocol/errors.ts';
import type { CrewCall, CrewReply } from './evaluate-crew.ts';
import { type PieceReader, pieceReader } from './piece-reader.ts';

/** A thread that computes pieces of one expression after the other: turns in, their results or one failure out. */
const port = parentPort;

if (port) {
  const checksum = await loadChecksum();
  let reader: PieceReader | undefined;
  const run = (call: CrewCall): CrewReply | undefined => {
    if (call.kind !== 'turn') {
      reader?.close();
      reader = call.kind === 'begin' ? pieceReader(call.expression, call.arrays, checksum) : undefined;
      return undefined;
    }
    if (!reader) throw new ExaError('broken', 'A thread of the store was given pieces of nothing.');
    return { kind: 'done', results: reader.run(call.tasks) };
  };
  port.on('message', (call: CrewCall) => {
    let reply: CrewReply | undefined;
    try {
      reply = run(call);
    } catch (error) {
      reply = { kind: 'failed', error: toWireError(error) };
    }
    if (reply) port.postMessage(reply);
  });
}

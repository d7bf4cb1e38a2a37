import type { ArrayPageCalls } from '../protocol/array-messages.ts';
import { ExaError } from '../protocol/errors.ts';
import type { Handlers } from './rpc.ts';

/** What one tab is answered about arrays. */
export function arrayHandlers(): Handlers<ArrayPageCalls> {
  const soon = (): never => {
    throw new ExaError('refused', 'Arrays are not read here yet.');
  };
  return {
    arrays: soon,
    arrayHead: soon,
    arraySubscribe: soon,
    arrayRead: soon,
    arrayNextWritten: soon,
    arrayEvaluate: soon,
    arrayAdvise: soon,
    arrayRechunk: soon,
  };
}

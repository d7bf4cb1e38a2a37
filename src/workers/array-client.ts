import type { ArrayActivity, ArrayClient, ArrayObserver } from '../protocol/array-client.ts';
import type { ArrayAnswer, ArrayQuestion } from '../protocol/array-messages.ts';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import { fromWireError, toExaError } from '../protocol/errors.ts';
import { lifetime, watch } from './client-calls.ts';
import type { Link } from './link.ts';

/** The client's verbs about arrays over a link; `write` is the client's own. */
export function arrayClientOver(link: Pick<Link, 'call'>, write: DataClient['write']): ArrayClient {
  const subscribe = (question: ArrayQuestion, observer: ArrayObserver<never>): Unsubscribe => {
    const { signal, stop } = lifetime();
    const told: ArrayObserver<ArrayAnswer> = observer;
    link
      .call(
        'arraySubscribe',
        { question },
        {
          signal,
          next(event) {
            if (signal.aborted) return;
            if (event.kind === 'answer') told.next(event.answer);
            else if (event.kind === 'progress') told.progress?.(event.done);
            else told.failed?.(fromWireError(event.error));
          },
        },
      )
      .catch((error: unknown) => {
        if (!signal.aborted) told.failed?.(toExaError(error));
      });
    return stop;
  };
  const steps = ({ signal, progress }: ArrayActivity) => ({ signal, next: progress });
  return {
    list: (observer) => watch(observer, (options) => link.call('arrays', undefined, options)),
    head: (array, observer) => watch(observer, (options) => link.call('arrayHead', { array }, options)),
    picture: (question, observer) => subscribe({ kind: 'picture', ...question }, observer),
    window: (question, observer) => subscribe({ kind: 'window', ...question }, observer),
    histogram: (question, observer) => subscribe({ kind: 'histogram', ...question }, observer),
    read: (array, at, options = {}) => link.call('arrayRead', { array, at }, steps(options)),
    nextWritten: (question, options = {}) => link.call('arrayNextWritten', { question }, steps(options)),
    evaluate: (expression, { where, ...options } = {}) =>
      link.call('arrayEvaluate', { expression, where }, steps(options)),
    write(array, at, elements) {
      const written = import('../arrays/npy.ts').then(({ encodeNpy }) =>
        write({ kind: 'assign', dataset: array, at, npy: encodeNpy({ ...elements, order: 'C' }) }),
      );
      const kept = written.then((change) => change.kept);
      const stored = written.then((change) => change.stored);
      kept.catch(() => {});
      stored.catch(() => {});
      return { kept, stored };
    },
    keep: (file, name, options = {}) => link.call('arrayKeep', { file, name }, steps(options)),
    drop: (array) => link.call('arrayDrop', { array }),
    advise: (array, walk) => link.call('arrayAdvise', { array, walk }),
    rechunk: (array, chunk, options = {}) => link.call('arrayRechunk', { array, chunk }, steps(options)),
  };
}

import { toExaError } from '../../protocol/errors.ts';
import type { FitClient } from '../../protocol/fit.ts';
import { randomKey } from '../../protocol/random-key.ts';
import type { Link } from '../link.ts';

/** Fits over a link. A coordinator replaced meanwhile is asked again, and goes on from what was kept. */
export function fitClientOver(link: Pick<Link, 'call'>): FitClient {
  return {
    fit(request, observer) {
      const id = randomKey();
      const life = new AbortController();
      let isOver = false;
      link
        .call(
          'fit',
          { id, request },
          {
            signal: life.signal,
            next(event) {
              if (isOver) return;
              if (event.kind === 'progress') return observer.progress?.(event.progress);
              isOver = event.result.stage === 'final';
              observer.result(event.result);
            },
          },
        )
        .catch((error: unknown) => {
          if (isOver || life.signal.aborted) return;
          isOver = true;
          observer.failed?.(toExaError(error));
        });
      const pause = (paused: boolean) => {
        if (!isOver) link.call('pauseFit', { id, paused }).catch(() => {});
      };
      return {
        pause: () => pause(true),
        resume: () => pause(false),
        cancel() {
          isOver = true;
          life.abort();
        },
      };
    },
    score: (request, { signal } = {}) => link.call('score', { request }, { signal }),
    unfinished: () => link.call('unfinishedFits', undefined),
    async dismiss(request) {
      await link.call('dismissFit', { request });
    },
    models: () => link.call('models', undefined),
    async keepModel(kept) {
      await link.call('keepModel', { kept });
    },
    async forgetModel(name) {
      await link.call('forgetModel', { name });
    },
  };
}

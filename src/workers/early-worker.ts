import type { WorkerOrder } from './worker-order.ts';

/** A worker that starts before the code that gives it orders is here. */
export interface EarlyWorker {
  /** Has it coordinate at `place` (in JSON), unless it was handed over. */
  coordinate(place: string): void;
  /** Hands it over, once; what it said meanwhile is said again, to whoever listens by the end of the caller's turn. */
  take(): Worker;
  /**
   * The port to `worker`, once, where that is this one and coordinates at `place`; undefined where it has no orders. One that
   * coordinates elsewhere is ended, and `gone`.
   */
  portTo(worker: Worker, place: string): MessagePort | 'gone' | undefined;
  /** Nobody needs it. */
  drop(): void;
}

export function earlyWorker(worker: Worker): EarlyWorker {
  const kept: Event[] = [];
  let isTaken = false;
  let ordered: { readonly place: string; readonly port: MessagePort } | undefined;
  const onMessage = ({ data }: MessageEvent<unknown>): void => {
    kept.push(new MessageEvent('message', { data }));
  };
  const onError = (event: Event): void => {
    event.preventDefault();
    kept.push(new Event('error', { cancelable: true }));
  };
  worker.addEventListener('message', onMessage);
  worker.addEventListener('error', onError);
  return {
    coordinate(place) {
      if (isTaken || ordered) return;
      const { port1, port2 } = new MessageChannel();
      ordered = { place, port: port1 };
      worker.postMessage({ port: port2, place } satisfies WorkerOrder, [port2]);
    },
    take() {
      isTaken = true;
      worker.removeEventListener('message', onMessage);
      worker.removeEventListener('error', onError);
      queueMicrotask(() => {
        for (const event of kept.splice(0)) worker.dispatchEvent(event);
      });
      return worker;
    },
    portTo(other, place) {
      if (other !== worker || !ordered) return undefined;
      const { port, place: at } = ordered;
      ordered = undefined;
      if (at === place) return port;
      worker.terminate();
      return 'gone';
    },
    drop: () => worker.terminate(),
  };
}

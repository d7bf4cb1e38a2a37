import { build } from './build.ts';
import { type WorkerPlace, workerPlaces } from './data-worker.ts';
import type { EarlyWorker } from './early-worker.ts';
import { type Wire, wireOf } from './rpc.ts';
import { printSharedName, type WorkerOrder } from './worker-order.ts';

/** Where the coordinator runs: shared by all tabs, a worker of this tab, or this page's own thread. */
export type ClientMode = 'shared' | 'dedicated' | 'page';

export interface PageWorkersOptions {
  /** The best this browser allows, unless given. */
  readonly mode?: ClientMode;
  /** Compute workers to lend; processors less one, 2 to 4 (one processor: 1). None: the coordinator computes itself. */
  readonly computeWorkers?: number;
  /** Our workers' script under the page's own origin. */
  readonly workerUrl?: string;
  /** A worker that a page of another origin has started. */
  readonly early?: EarlyWorker;
}

/** The workers of a page: its coordinator's, and those it lends. Each is tried in every way a browser may allow. */
export interface PageWorkers {
  readonly mode: ClientMode;
  /** A wire to the coordinator of a place; undefined: it runs on the page's own thread. */
  coordinator(place: string): Wire | undefined;
  /** Ports of compute workers, one for each to lend; beside a shared coordinator none of them runs before {@link begin}. */
  lend(): readonly MessagePort[];
  /** Starts the workers lent: what they were sent meanwhile, they do then. */
  begin(): void;
  /** Ends the workers lent. */
  dismiss(): void;
  close(): void;
}

/**
 * Starts at once what its mode needs first; `changed` is told when a coordinator must be connected to anew. A coordinator
 * comes before the compute workers, which it asks for when it needs them: on few processors they would make it wait.
 */
export function pageWorkers(options: PageWorkersOptions, changed: () => void): PageWorkers {
  let places: readonly WorkerPlace[] =
    typeof Worker === 'undefined' ? [] : workerPlaces(options.workerUrl, options.early);
  let mode = options.mode ?? bestMode(places[0]);
  let computing = mode === 'page' ? 0 : (options.computeWorkers ?? defaultWorkers());
  /** The way in which tabs share one. */
  let sharing = places[0];
  let coordinating: Worker | undefined;
  let closed = false;
  /** Started, and without work so far. */
  const spare: Worker[] = [];
  const lent: Worker[] = [];
  /** Ports of workers lent that do not run yet. */
  const resting: MessagePort[] = [];

  const onThisThread = (): void => {
    mode = 'page';
    computing = 0;
    dismissAll(spare);
  };

  /** The way workers were started so far leads nowhere: the next one, and the page's own thread after the last. */
  const leave = (place: WorkerPlace): void => {
    if (places[0] !== place || closed) return;
    places = places.slice(1);
    dismissAll(spare);
    const [next] = places;
    if (next) {
      sharing = next;
      if (mode === 'shared' && !next.canShare) mode = 'dedicated';
      startSpare();
    } else if (mode === 'shared') computing = 0;
    else onThisThread();
    changed();
  };

  const start = (place: WorkerPlace): Worker => {
    const worker = place.dedicated();
    let isUp = false;
    worker.onmessage = ({ data }: MessageEvent<unknown>) => {
      // A copy that was made of another build.
      if (data !== build) return leave(place);
      isUp = true;
    };
    worker.onerror = (event) => {
      event.preventDefault();
      if (closed) return;
      if (!isUp) return leave(place);
      // A worker that cannot go on: the coordinator computes itself, or the page coordinates.
      if (worker === coordinating) onThisThread();
      else if (computing > 0) computing = 0;
      else return;
      changed();
    };
    return worker;
  };

  const startSpare = (): void => {
    const [place] = places;
    const wanted = mode === 'dedicated' ? 1 : 0;
    try {
      while (place && spare.length < wanted) spare.push(start(place));
    } catch {
      if (place) leave(place);
    }
  };

  /** A worker with an order; undefined where none can be started. */
  const send = (order: WorkerOrder): Worker | undefined => {
    while (places[0]) {
      try {
        const started = spare.pop() ?? start(places[0]);
        started.postMessage(order, [order.port]);
        return started;
      } catch {
        places = places.slice(1);
      }
    }
    return undefined;
  };

  interface Coordinating {
    readonly worker: Worker;
    readonly port: MessagePort;
  }

  const order = (place: string): Coordinating | undefined => {
    const { port1, port2 } = new MessageChannel();
    const worker = send({ port: port2, place });
    return worker && { worker, port: port1 };
  };

  /** The worker that coordinates there already, told by the page before this code was here. */
  const takeEarly = (place: string): Coordinating | undefined => {
    const [worker] = spare;
    const port = worker && options.early?.portTo(worker, place);
    if (!port) return undefined;
    spare.shift();
    return port === 'gone' ? undefined : { worker, port };
  };

  const share = (place: string): Wire | undefined => {
    try {
      const shared = sharing?.shared(printSharedName(build, place));
      if (!shared) return undefined;
      shared.onerror = () => {
        if (mode !== 'shared' || closed) return;
        mode = 'dedicated';
        startSpare();
        changed();
      };
      return wireOf(shared.port);
    } catch {
      return undefined;
    }
  };

  const begin = (): void => {
    for (const port of resting.splice(0)) {
      const started = closed ? undefined : send({ port });
      if (started) lent.push(started);
      else if (!closed && computing > 0) {
        computing = 0;
        changed();
      }
    }
  };

  startSpare();

  return {
    get mode() {
      return mode;
    },
    coordinator(place) {
      coordinating = undefined;
      const shared = mode === 'shared' ? share(place) : undefined;
      if (shared) return shared;
      const { worker: started, port } =
        (mode === 'page' ? undefined : (takeEarly(place) ?? order(place))) ?? {};
      if (!started || !port) {
        onThisThread();
        return undefined;
      }
      mode = 'dedicated';
      coordinating = started;
      const wire = wireOf(port);
      return {
        ...wire,
        close() {
          wire.close();
          started.terminate();
        },
      };
    },
    lend() {
      const ports: MessagePort[] = [];
      while (!closed && ports.length < computing) {
        const { port1, port2 } = new MessageChannel();
        resting.push(port2);
        ports.push(port1);
      }
      if (mode !== 'shared') begin();
      return ports.slice(0, computing);
    },
    begin,
    dismiss() {
      dismissAll(lent);
      resting.length = 0;
    },
    close() {
      closed = true;
      dismissAll(lent);
      dismissAll(spare);
    },
  };
}

function dismissAll(workers: Worker[]): void {
  for (const worker of workers.splice(0)) worker.terminate();
}

function bestMode(place: WorkerPlace | undefined): ClientMode {
  if (!place) return 'page';
  return place.canShare ? 'shared' : 'dedicated';
}

function defaultWorkers(): number {
  const processors = globalThis.navigator?.hardwareConcurrency ?? 2;
  // The coordinator mostly waits, so two processors compute with two workers.
  return processors === 1 ? 1 : Math.max(2, Math.min(4, processors - 1));
}

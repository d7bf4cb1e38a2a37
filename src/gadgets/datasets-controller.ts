import type { ReactiveController } from 'lit';
import type { DataClient, Status, Unsubscribe } from '../protocol/client.ts';
import type { ExaError } from '../protocol/errors.ts';
import type { DatasetSummary } from '../protocol/head.ts';
import type { Gadget } from './gadget.ts';
import type { Phase, PhaseSource } from './phase.ts';

/** Keeps the list of data sets, and the connection's status, of the client above a gadget. */
export class DatasetsController implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  #client: DataClient | undefined;
  #stop: Unsubscribe[] = [];
  #datasets: readonly DatasetSummary[] | undefined;
  #status: Status | undefined;
  #error: ExaError | undefined;

  constructor(host: Gadget) {
    this.#host = host;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** Undefined until the first list comes. */
  get datasets(): readonly DatasetSummary[] | undefined {
    return this.#datasets;
  }

  get status(): Status | undefined {
    return this.#status;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get phase(): Phase {
    if (this.#error && !this.#datasets) return 'failed';
    if (!this.#client) return 'idle';
    return this.#datasets ? 'ready' : 'loading';
  }

  hostDisconnected(): void {
    this.#end();
    this.#client = undefined;
  }

  hostUpdate(): void {
    const client = this.#host.client;
    if (client === this.#client || !this.#host.isConnected) return;
    this.#end();
    this.#client = client;
    if (client) this.#start(client);
  }

  retry(): void {
    const client = this.#client;
    this.#end();
    this.#error = undefined;
    client?.retry();
    if (client) this.#start(client);
    this.#host.requestUpdate();
  }

  #start(client: DataClient): void {
    let live = true;
    const told = (): void => this.#host.requestUpdate();
    const ends = [
      client.datasets({
        next: (datasets) => {
          if (!live) return;
          this.#datasets = datasets;
          this.#error = undefined;
          told();
        },
        failed: (error) => {
          if (!live || error.tag === 'cancelled') return;
          this.#error = error;
          told();
        },
      }),
      client.status({
        next: (status) => {
          if (!live) return;
          this.#status = status;
          told();
        },
      }),
    ];
    this.#stop = [
      () => {
        live = false;
      },
      ...ends,
    ];
  }

  #end(): void {
    for (const stop of this.#stop) stop();
    this.#stop = [];
  }
}

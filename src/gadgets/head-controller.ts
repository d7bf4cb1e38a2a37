import type { ReactiveController } from 'lit';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import type { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { Gadget } from './gadget.ts';
import type { Phase, PhaseSource } from './phase.ts';

/** Keeps the head of the data set a gadget is about: its columns and profile. Subscribed while connected. */
export class HeadController implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  readonly #dataset: () => string | undefined;
  #client: DataClient | undefined;
  #id: string | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #head: Head | undefined;
  #error: ExaError | undefined;

  constructor(host: Gadget, dataset: () => string | undefined) {
    this.#host = host;
    this.#dataset = dataset;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** The head of the data set asked for now; undefined until it comes. */
  get head(): Head | undefined {
    return this.#head?.id === this.#id ? this.#head : undefined;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get phase(): Phase {
    if (this.#error) return 'failed';
    if (this.#id === undefined || !this.#client) return 'idle';
    return this.head ? 'ready' : 'loading';
  }

  hostDisconnected(): void {
    this.#stop();
  }

  /** Follows the data set named now; called before every update of the host. */
  hostUpdate(): void {
    const client = this.#host.client;
    const id = this.#dataset();
    if (client !== this.#client || id !== this.#id) {
      this.#stop();
      this.#client = client;
      this.#id = id;
      this.#error = undefined;
    }
    if (client && id !== undefined && !this.#unsubscribe && !this.#error && this.#host.isConnected)
      this.#start(client, id);
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#client?.retry();
    this.#host.requestUpdate();
  }

  #start(client: DataClient, id: string): void {
    let live = true;
    const unsubscribe = client.head(id, {
      next: (head) => {
        if (!live) return;
        this.#head = head;
        this.#error = undefined;
        this.#host.requestUpdate();
      },
      failed: (error) => {
        if (!live || error.tag === 'cancelled') return;
        this.#error = error;
        this.#host.requestUpdate();
      },
    });
    this.#unsubscribe = () => {
      live = false;
      unsubscribe();
    };
  }

  #stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
  }
}

import type { ReactiveController } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { ArrayClient } from '../../protocol/array-client.ts';
import type { Unsubscribe } from '../../protocol/client.ts';
import type { ExaError } from '../../protocol/errors.ts';
import type { Gadget } from '../gadget.ts';
import type { Phase, PhaseSource } from '../phase.ts';

/** Keeps the head of the array a gadget is about, its sizes as bigints. Subscribed while connected. */
export class ArrayHeadController implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  readonly #array: () => string | undefined;
  #client: ArrayClient | undefined;
  #id: string | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #head: ArrayHead | undefined;
  #shape: readonly bigint[] = [];
  #error: ExaError | undefined;

  constructor(host: Gadget, array: () => string | undefined) {
    this.#host = host;
    this.#array = array;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** The head of the array asked for now; undefined until it comes. */
  get head(): ArrayHead | undefined {
    return this.#head?.id === this.#id ? this.#head : undefined;
  }

  /** Its sizes; empty until the head comes. */
  get shape(): readonly bigint[] {
    return this.head ? this.#shape : [];
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

  hostUpdate(): void {
    const client = this.#host.client?.arrays;
    const id = this.#array();
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
    this.#host.requestUpdate();
  }

  #start(client: ArrayClient, id: string): void {
    let live = true;
    const unsubscribe = client.head(id, {
      next: (head) => {
        if (!live) return;
        this.#head = head;
        this.#shape = head.shape.map(BigInt);
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

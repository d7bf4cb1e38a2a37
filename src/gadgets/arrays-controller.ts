import type { ReactiveController } from 'lit';
import type { ArrayHead } from '../protocol/array.ts';
import type { ArrayClient } from '../protocol/array-client.ts';
import type { Unsubscribe } from '../protocol/client.ts';
import type { ExaError } from '../protocol/errors.ts';
import type { Gadget } from './gadget.ts';
import type { Phase } from './phase.ts';

/** Keeps the list of arrays of the client above a gadget. No part of the gadget's phase: few are about all arrays. */
export class ArraysController implements ReactiveController {
  readonly #host: Gadget;
  #client: ArrayClient | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #arrays: readonly ArrayHead[] | undefined;
  #error: ExaError | undefined;

  constructor(host: Gadget) {
    this.#host = host;
    host.addController(this);
  }

  /** Undefined until the first list comes. */
  get arrays(): readonly ArrayHead[] | undefined {
    return this.#arrays;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get phase(): Phase {
    if (this.#error && !this.#arrays) return 'failed';
    if (!this.#client) return 'idle';
    return this.#arrays ? 'ready' : 'loading';
  }

  hostDisconnected(): void {
    this.#stop();
  }

  hostUpdate(): void {
    const client = this.#host.client?.arrays;
    if (client === this.#client || !this.#host.isConnected) return;
    this.#stop();
    this.#client = client;
    if (client) this.#start(client);
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#host.requestUpdate();
  }

  #start(client: ArrayClient): void {
    let live = true;
    const unsubscribe = client.list({
      next: (arrays) => {
        if (!live) return;
        this.#arrays = arrays;
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
    this.#client = undefined;
  }
}

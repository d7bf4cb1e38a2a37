import type { ReactiveController } from 'lit';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import type { KeptView } from '../protocol/saved-view.ts';
import type { Gadget } from './gadget.ts';

/** Keeps the list of saved views while its host is connected; `any` is undefined until it came. */
export class ViewsController implements ReactiveController {
  readonly #host: Gadget;
  #client: DataClient | undefined;
  #stop: Unsubscribe | undefined;
  any: readonly KeptView[] | undefined;

  constructor(host: Gadget) {
    this.#host = host;
    host.addController(this);
  }

  hostUpdate(): void {
    const { client } = this.#host;
    if (client === this.#client && (this.#stop || !client?.keep)) return;
    this.#stop?.();
    this.#client = client;
    this.#stop = this.#host.isConnected
      ? client?.keep?.views({
          next: (views) => {
            this.any = views;
            this.#host.requestUpdate();
          },
        })
      : undefined;
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
  }
}

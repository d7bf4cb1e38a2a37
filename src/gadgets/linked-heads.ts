import type { ReactiveController } from 'lit';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import type { Head } from '../protocol/head.ts';
import type { Gadget } from './gadget.ts';

/** How long an answer's question waits for linked heads, ms: they are small, and are mostly here already. */
const patienceMs = 500;

/** Keeps the heads of the tables a table links to, for the names of their columns. One that fails is just not there. */
export class LinkedHeads implements ReactiveController {
  readonly #host: Gadget;
  readonly #head: () => Head | undefined;
  readonly #heads = new Map<string, Head>();
  readonly #following = new Map<string, Unsubscribe>();
  readonly #failed = new Set<string>();
  #client: DataClient | undefined;
  #waited = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: Gadget, head: () => Head | undefined) {
    this.#host = host;
    this.#head = head;
    host.addController(this);
  }

  get heads(): readonly Head[] {
    return [...this.#heads.values()];
  }

  /** Whether the head is here and every linked one was told, failed, or took too long. */
  get settled(): boolean {
    const links = this.#head()?.profile.links;
    if (!links) return false;
    return (
      this.#waited || links.every(({ dataset }) => this.#heads.has(dataset) || this.#failed.has(dataset))
    );
  }

  hostDisconnected(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#follow(undefined, []);
  }

  hostUpdate(): void {
    if (!this.#host.isConnected) return;
    const links = this.#head()?.profile.links ?? [];
    this.#follow(
      this.#host.client,
      links.map(({ dataset }) => dataset),
    );
  }

  #follow(client: DataClient | undefined, wanted: readonly string[]): void {
    for (const [id, stop] of this.#following) {
      if (client === this.#client && wanted.includes(id)) continue;
      stop();
      this.#following.delete(id);
    }
    this.#client = client;
    if (!client) return;
    if (wanted.length > 0) this.#timer ??= setTimeout(() => this.#giveUp(), patienceMs);
    for (const id of new Set(wanted)) {
      if (this.#following.has(id)) continue;
      this.#following.set(
        id,
        client.head(id, {
          next: (head) => {
            this.#heads.set(id, head);
            this.#host.requestUpdate();
          },
          failed: () => {
            this.#failed.add(id);
            this.#host.requestUpdate();
          },
        }),
      );
    }
  }

  #giveUp(): void {
    this.#waited = true;
    this.#host.requestUpdate();
  }
}

import type { ReactiveController } from 'lit';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import type { ExaError } from '../protocol/errors.ts';
import type { Gadget } from './gadget.ts';
import type { Phase } from './phase.ts';

/** What a {@link WatchController} hands to the client. */
export interface WatchObserver<T> {
  next(value: T): void;
  failed(error: ExaError): void;
}

/** Begins to watch what `key` names; undefined where this client has none of it. */
export type Watch<T> = (
  client: DataClient,
  key: string,
  observer: WatchObserver<T>,
) => Unsubscribe | undefined;

/**
 * The newest of something the client above a gadget tells (a head, a list), while the gadget is connected. It is named
 * by a key computed before every update: when that or the client changes, the old watch ends and a new one begins.
 */
export class WatchController<T> implements ReactiveController {
  readonly #host: Gadget;
  readonly #name: () => string | undefined;
  readonly #watch: Watch<T>;
  #client: DataClient | undefined;
  #key: string | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #told: { readonly key: string; readonly value: T } | undefined;
  #error: ExaError | undefined;

  constructor(host: Gadget, name: () => string | undefined, watch: Watch<T>) {
    this.#host = host;
    this.#name = name;
    this.#watch = watch;
    host.addController(this);
  }

  /** What was told last of what is named now; undefined until it comes. */
  get value(): T | undefined {
    return this.#told?.key === this.#key ? this.#told?.value : undefined;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get phase(): Phase {
    if (this.#error) return 'failed';
    if (this.#key === undefined || !this.#client) return 'idle';
    return this.value === undefined ? 'loading' : 'ready';
  }

  hostDisconnected(): void {
    this.#stop();
  }

  hostUpdate(): void {
    const { client } = this.#host;
    const key = this.#name();
    if (client !== this.#client || key !== this.#key) {
      this.#stop();
      this.#client = client;
      this.#key = key;
      this.#error = undefined;
    }
    if (client && key !== undefined && !this.#unsubscribe && !this.#error && this.#host.isConnected)
      this.#start(client, key);
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#client?.retry();
    this.#host.requestUpdate();
  }

  #start(client: DataClient, key: string): void {
    let live = true;
    const unsubscribe = this.#watch(client, key, {
      next: (value) => {
        if (!live) return;
        this.#told = { key, value };
        this.#error = undefined;
        this.#host.requestUpdate();
      },
      failed: (error) => {
        if (!live || error.tag === 'cancelled') return;
        this.#error = error;
        this.#host.requestUpdate();
      },
    });
    if (!unsubscribe) return;
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

/** A list of all there is: the last one stays while a newer one cannot be had. */
export class ListController<T> extends WatchController<T> {
  constructor(
    host: Gadget,
    watch: (client: DataClient, observer: WatchObserver<T>) => Unsubscribe | undefined,
    isTime: () => boolean = () => true,
  ) {
    super(
      host,
      () => (isTime() ? '' : undefined),
      (client, _, observer) => watch(client, observer),
    );
  }

  override get phase(): Phase {
    return this.value === undefined ? super.phase : 'ready';
  }
}

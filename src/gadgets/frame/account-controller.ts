import { ContextConsumer } from '@lit/context';
import type { LitElement, ReactiveController } from 'lit';
import type { AccountClient, AccountSession } from '../../protocol/account.ts';
import type { Unsubscribe } from '../../protocol/client.ts';
import type { ExaError } from '../../protocol/errors.ts';
import { accountContext } from '../contexts.ts';

/** Who is signed in, drawn again when that changes. */
export class AccountController implements ReactiveController {
  client: AccountClient | undefined;
  session: AccountSession | undefined;
  /** Why credentials there were do not hold. */
  error: ExaError | undefined;
  readonly #host: LitElement;
  #wasOpen = false;
  #stop: Unsubscribe | undefined;

  constructor(host: LitElement) {
    this.#host = host;
    new ContextConsumer(host, {
      context: accountContext,
      subscribe: true,
      callback: (client) => this.#follow(client),
    });
    host.addController(this);
  }

  /** The store must first know who one is: nothing was shown yet. */
  get mustSignIn(): boolean {
    return this.session?.open === false && !this.#wasOpen;
  }

  /** What is shown still stands, but nothing newer comes without signing in again. */
  get hasEnded(): boolean {
    return this.session?.open === false && this.#wasOpen;
  }

  hostConnected(): void {
    if (this.client && !this.#stop) this.#follow(this.client);
  }

  hostDisconnected(): void {
    this.#stop?.();
    this.#stop = undefined;
  }

  #follow(client: AccountClient | undefined): void {
    this.#stop?.();
    this.client = client;
    this.#stop = client?.session({
      next: (session) => {
        this.session = session;
        this.#wasOpen ||= session.open;
        if (session.open) this.error = undefined;
        this.#host.requestUpdate();
      },
      failed: (error) => {
        this.error = error;
        this.#host.requestUpdate();
      },
    });
  }
}

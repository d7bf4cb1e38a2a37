import type { ReactiveController, ReactiveControllerHost } from 'lit';
import type { ExaError } from '../protocol/errors.ts';
import { toExaError } from '../protocol/errors.ts';
import { firstPaint } from './first-paint.ts';
import { comesWithPage, loadGadget } from './registry.ts';

/** Loads gadgets a host names, once the page has painted, and draws the host again when one has come; a failed load can be tried again. */
export class GadgetLoader implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  readonly #load: (tag: string) => Promise<void>;
  readonly #asked = new Set<string>();
  readonly #loaded = new Set<string>();
  #error: ExaError | undefined;

  constructor(host: ReactiveControllerHost, load: (tag: string) => Promise<void> = loadGadget) {
    this.#host = host;
    this.#load = load;
    host.addController(this);
  }

  hostConnected(): void {}

  /** The last load that failed. */
  get error(): ExaError | undefined {
    return this.#error;
  }

  /** Whether all of `tags` are here; those that are not begin to load. */
  has(...tags: readonly string[]): boolean {
    for (const tag of tags) if (!this.#asked.has(tag)) void this.#fetch(tag);
    return tags.every((tag) => this.#loaded.has(tag));
  }

  /** Forgets the failure, so that the next `has` tries again. */
  retry(): void {
    this.#error = undefined;
    this.#host.requestUpdate();
  }

  async #fetch(tag: string): Promise<void> {
    if (customElements.get(tag)) {
      this.#asked.add(tag);
      this.#loaded.add(tag);
      return;
    }
    if (this.#error) return;
    this.#asked.add(tag);
    try {
      if (!comesWithPage(tag)) await firstPaint();
      await this.#load(tag);
      this.#loaded.add(tag);
    } catch (error) {
      this.#asked.delete(tag);
      this.#error = toExaError(error);
    }
    this.#host.requestUpdate();
  }
}

import type { ReactiveController } from 'lit';
import type { ArrayClient, ArrayCoverage, ArrayObserver } from '../../protocol/array-client.ts';
import type { Unsubscribe } from '../../protocol/client.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { Gadget } from '../gadget.ts';
import type { Phase, PhaseSource } from '../phase.ts';

/** What an array tells in parts: the coverage, and, of a picture, whether nothing sharper is on its way. */
interface Told {
  readonly coverage: ArrayCoverage;
  readonly sharp?: boolean;
}

/** Questions follow a moving view at most this often. */
const everyMs = 60;

/**
 * Keeps the answer to a question of an array (a picture, a window, a histogram), which changes while a view moves: the
 * last question wins, at most one in 60 ms, and the answers to earlier ones stay until the next comes.
 */
export class ArrayAnswer<Q extends { readonly array: string }, T extends Told>
  implements ReactiveController, PhaseSource
{
  readonly #host: Gadget;
  readonly #question: () => Q | undefined;
  readonly #ask: (client: ArrayClient, question: Q, observer: ArrayObserver<T>) => Unsubscribe;
  readonly #told: ((answer: T, question: Q) => void) | undefined;
  #client: ArrayClient | undefined;
  #key: string | undefined;
  #asked: string | undefined;
  #answered: string | undefined;
  #askedAt = -Infinity;
  #waiting: ReturnType<typeof setTimeout> | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #seen = false;
  #observer: IntersectionObserver | undefined;
  #answer: T | undefined;
  /** The array asked about last. */
  #of: string | undefined;
  #error: ExaError | undefined;
  /** The question that {@link error} is about. */
  #failed: string | undefined;
  #progress: number | undefined;

  constructor(
    host: Gadget,
    question: () => Q | undefined,
    ask: (client: ArrayClient, question: Q, observer: ArrayObserver<T>) => Unsubscribe,
    told?: (answer: T, question: Q) => void,
  ) {
    this.#host = host;
    this.#question = question;
    this.#ask = ask;
    this.#told = told;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** The last good answer, perhaps to an earlier question. */
  get answer(): T | undefined {
    return this.#answer;
  }

  /** Whether {@link answer} is to the present question. */
  get isCurrent(): boolean {
    return this.#key !== undefined && this.#answered === this.#key;
  }

  get coverage(): ArrayCoverage | undefined {
    return this.#answer?.coverage;
  }

  get asOf(): string | undefined {
    return this.coverage?.asOf;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get progress(): number | undefined {
    return this.#progress;
  }

  get phase(): Phase {
    if (this.#error) return 'failed';
    if (this.#key === undefined) return 'idle';
    const { coverage } = this;
    // A moving view is not loading: what is here is drawn, and sharper cells follow.
    if (!coverage) return 'loading';
    return coverage.mixed || (coverage.chunks < coverage.chunksTotal && !this.#isUnderWay)
      ? 'stale'
      : 'ready';
  }

  /** More is coming: the answer is to an earlier question, or coarser than asked. */
  get isSettling(): boolean {
    return this.#key !== undefined && (!this.isCurrent || this.#isUnderWay);
  }

  get #isUnderWay(): boolean {
    return this.#progress !== undefined && this.#progress < 1;
  }

  hostConnected(): void {
    this.#observer = new IntersectionObserver(
      (entries) => {
        this.#seen = entries.some((entry) => entry.isIntersecting);
        this.hostUpdate();
        this.#host.requestUpdate();
      },
      { rootMargin: '200px' },
    );
    this.#observer.observe(this.#host);
  }

  hostDisconnected(): void {
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#seen = false;
    this.#stop();
  }

  /** Asks what is to be asked now; called before every update of the host. */
  hostUpdate(): void {
    const client = this.#host.client?.arrays;
    const question = client ? this.#question() : undefined;
    const key = question ? keyOf(question) : undefined;
    if (client !== this.#client) {
      this.#stop();
      this.#client = client;
      this.#error = undefined;
    }
    if (key !== this.#key) {
      this.#key = key;
      const isOther = question !== undefined && this.#of !== question.array;
      if (isOther) this.#answer = undefined;
      // A view that moves or is measured anew stays failed until something comes: a failure does not flicker.
      if (isOther || !question) this.#error = undefined;
      this.#of = question?.array ?? this.#of;
    }
    if (!this.#seen || key === undefined) this.#stop();
    else if (key !== this.#asked && !(this.#error && this.#failed === key)) this.#askSoon();
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#host.client?.retry();
    this.#host.requestUpdate();
  }

  #askSoon(): void {
    const wait = this.#askedAt + everyMs - performance.now();
    if (wait <= 0) this.#start();
    else
      this.#waiting ??= setTimeout(() => {
        this.#waiting = undefined;
        if (this.#seen) this.#start();
      }, wait);
  }

  #start(): void {
    const client = this.#client;
    const question = client ? this.#question() : undefined;
    if (!client || !question) return;
    const key = keyOf(question);
    if (key === this.#asked) return;
    this.#stop();
    this.#asked = key;
    this.#askedAt = performance.now();
    let live = true;
    const changed = (): void => this.#host.requestUpdate();
    const unsubscribe = this.#ask(client, question, {
      next: (answer) => {
        if (!live) return;
        this.#answer = answer;
        this.#answered = key;
        this.#error = undefined;
        if (answer.sharp !== false) this.#progress = undefined;
        this.#told?.(answer, question);
        changed();
      },
      failed: (error) => {
        const known = toExaError(error);
        if (!live || known.tag === 'cancelled') return;
        this.#error = known;
        this.#failed = key;
        this.#progress = undefined;
        changed();
      },
      progress: (done) => {
        if (!live) return;
        this.#progress = done;
        changed();
      },
    });
    this.#unsubscribe = () => {
      live = false;
      unsubscribe();
    };
  }

  #stop(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#asked = undefined;
    this.#progress = undefined;
  }
}

function keyOf(question: object): string {
  return JSON.stringify(question, (_, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

import type { ReactiveController } from 'lit';
import { type AnswerTable, openAnswer } from '../arrow/answer-table.ts';
import { sameBytes } from '../arrow/same-bytes.ts';
import type { Coverage } from '../protocol/answer.ts';
import type { DataClient, Unsubscribe } from '../protocol/client.ts';
import { type ExaError, toExaError } from '../protocol/errors.ts';
import type { Question } from '../protocol/query.ts';
import { coveredShare } from './coverage-words.ts';
import { awaitDrawn, tellAnswer, tellDrawn } from './first-answer.ts';
import { formatsFor } from './format.ts';
import type { Gadget } from './gadget.ts';
import type { Phase, PhaseSource } from './phase.ts';

/**
 * Keeps the answer to a gadget's question. The question is computed at every update by a pure function; when it (as
 * JSON) or the client changes, the old subscription ends and a new one begins; the last good table stays meanwhile.
 * Subscribed only while the gadget is connected and in view; a gadget that left keeps nothing running.
 */
export class AnswerController implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  readonly #ask: () => Question | undefined;
  readonly #isForemost: () => boolean;
  #seen = false;
  #observer: IntersectionObserver | undefined;
  #unsubscribe: Unsubscribe | undefined;
  #client: DataClient | undefined;
  #key: string | undefined;
  #answered: string | undefined;
  #question: Question | undefined;
  #table: AnswerTable | undefined;
  /** What the table was made of. */
  #bytes: Uint8Array | undefined;
  #slice: AnswerTable | undefined;
  #coverage: Coverage | undefined;
  #error: ExaError | undefined;
  #progress: number | undefined;

  /** `isForemost`: whether it is what people look at first, and asked without a look at where it is. */
  constructor(host: Gadget, ask: () => Question | undefined, isForemost: () => boolean = () => false) {
    this.#host = host;
    this.#ask = ask;
    this.#isForemost = isForemost;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** A brush's slice while one is shown, else the last good answer. */
  get table(): AnswerTable | undefined {
    return this.#slice ?? this.#table;
  }

  /** The last good answer, brush or not. */
  get answer(): AnswerTable | undefined {
    return this.#table;
  }

  /** Whether a brush's slice is shown. */
  get sliced(): boolean {
    return this.#slice !== undefined;
  }

  get coverage(): Coverage | undefined {
    return this.#coverage;
  }

  get question(): Question | undefined {
    return this.#question;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get progress(): number | undefined {
    return this.#progress;
  }

  get asOf(): string | undefined {
    return this.#coverage?.asOf;
  }

  get covered(): number | undefined {
    return coveredShare(this.#coverage);
  }

  get phase(): Phase {
    if (this.#error) return 'failed';
    if (this.#key === undefined) return 'idle';
    if (this.#answered !== this.#key) return 'loading';
    return isWhole(this.#coverage) ? 'ready' : 'stale';
  }

  hostConnected(): void {
    this.#seen = this.#isForemost();
    if (typeof IntersectionObserver === 'undefined') {
      this.#seen = true;
      return;
    }
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
    tellDrawn(this.#host);
    this.#observer?.disconnect();
    this.#observer = undefined;
    this.#seen = false;
    this.#stop();
  }

  /** Asks what is to be asked now; called before every update of the host. */
  hostUpdate(): void {
    const client = this.#host.client;
    const question = client ? this.#ask() : undefined;
    const key = question ? JSON.stringify(question) : undefined;
    if (key !== this.#key || client !== this.#client) {
      this.#stop();
      this.#key = key;
      this.#client = client;
      this.#question = question;
      this.#error = undefined;
    }
    if (this.#seen && !this.#unsubscribe && !this.#error) this.#start();
    else if (!this.#seen) this.#stop();
  }

  /** Shows a brush's slice over the last answer; undefined keeps the last slice until the next answer comes. */
  showSlice(bytes: Uint8Array | undefined): void {
    if (bytes) this.#slice = openAnswer(bytes);
    else if (this.#answered === this.#key) this.#slice = undefined;
    this.#host.requestUpdate();
  }

  retry(): void {
    this.#stop();
    this.#error = undefined;
    this.#client?.retry();
    this.#host.requestUpdate();
  }

  #start(): void {
    const client = this.#client;
    const question = this.#question;
    const key = this.#key;
    if (!client || !question) return;
    let live = true;
    const isForemost = this.#isForemost();
    if (isForemost && this.#answered === undefined) awaitDrawn(this.#host);
    const told = (): void => this.#host.requestUpdate();
    const unsubscribe = client.subscribe(question, {
      next: (answer) => {
        if (!live) return;
        try {
          // The same answer, told again as more is known of its age, leaves the picture as it is.
          if (!this.#bytes || !sameBytes(this.#bytes, answer.bytes)) this.#table = openAnswer(answer.bytes);
          this.#bytes = answer.bytes;
        } catch (error) {
          this.#error = toExaError(error);
          return told();
        }
        this.#slice = undefined;
        this.#coverage = answer.coverage;
        this.#answered = key;
        this.#error = undefined;
        this.#progress = undefined;
        told();
        if (!isForemost) tellAnswer();
      },
      failed: (error) => {
        if (!live || error.tag === 'cancelled') return;
        this.#error = error;
        this.#progress = undefined;
        tellDrawn(this.#host);
        told();
      },
      progress: (done) => {
        if (!live) return;
        this.#progress = done;
        told();
      },
    });
    this.#unsubscribe = () => {
      live = false;
      unsubscribe();
    };
    // A browser takes a while to find a locale's formats the first time: it does while the answer is on its way.
    setTimeout(() => formatsFor(this.#host));
  }

  #stop(): void {
    this.#unsubscribe?.();
    this.#unsubscribe = undefined;
    this.#progress = undefined;
  }
}

function isWhole(coverage: Coverage | undefined): boolean {
  return coverage?.settled === true && !coverage.mixed && coverage.blocks === coverage.blocksTotal;
}

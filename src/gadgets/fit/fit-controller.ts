import type { ReactiveController } from 'lit';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { FitKind } from '../../protocol/estimators.ts';
import type { FitClient, FitProgress, FitRequest, FitResult, RunningFit } from '../../protocol/fit.ts';
import type { PictureOf } from '../../protocol/fit-picture.ts';
import type { Gadget } from '../gadget.ts';
import type { Phase, PhaseSource } from '../phase.ts';

/** A result whose picture is of one kind. */
export type ResultOf<K extends FitKind> = Omit<FitResult, 'picture'> & { readonly picture: PictureOf<K> };

/**
 * Keeps the fit of a gadget's request: when the request (as JSON) or the client changes, the old fit is cancelled and
 * the new one begins; the last picture stays meanwhile. Runs while the gadget is connected and has been in view.
 */
export class FitController<K extends FitKind> implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  readonly #kind: K;
  readonly #ask: () => FitRequest | undefined;
  #seen = false;
  #observer: IntersectionObserver | undefined;
  #fits: FitClient | undefined;
  #key: string | undefined;
  #request: FitRequest | undefined;
  #running: RunningFit | undefined;
  #fitted: string | undefined;
  #result: ResultOf<K> | undefined;
  #progress: FitProgress | undefined;
  #error: ExaError | undefined;
  #isCancelled = false;

  constructor(host: Gadget, kind: K, ask: () => FitRequest | undefined) {
    this.#host = host;
    this.#kind = kind;
    this.#ask = ask;
    host.addController(this);
    host.addPhaseSource(this);
  }

  /** What was asked last. */
  get request(): FitRequest | undefined {
    return this.#request;
  }

  /** The last good result; of an earlier request until the present one has its first. */
  get result(): ResultOf<K> | undefined {
    return this.#result;
  }

  /** Undefined when nothing runs. */
  get runs(): FitProgress | undefined {
    return this.#running ? this.#progress : undefined;
  }

  get isRunning(): boolean {
    return this.#running !== undefined;
  }

  /** Somebody stopped the fit of the present request before its end. */
  get isCancelled(): boolean {
    return this.#isCancelled;
  }

  /** Whether the result is not yet of the present request. */
  get isOld(): boolean {
    return this.#result !== undefined && this.#fitted !== this.#key;
  }

  /** The client fits. */
  get canFit(): boolean {
    return this.#host.client?.fits !== undefined;
  }

  get error(): ExaError | undefined {
    return this.#error;
  }

  get progress(): number | undefined {
    return this.#progress?.done ?? undefined;
  }

  get asOf(): string | undefined {
    return this.#result?.coverage.asOf;
  }

  get phase(): Phase {
    if (this.#error) return 'failed';
    if (this.#key === undefined) return 'idle';
    if (this.#fitted !== this.#key) return this.#isCancelled ? 'idle' : 'loading';
    return this.#result?.coverage.mixed ? 'stale' : 'ready';
  }

  pause(): void {
    this.#running?.pause();
  }

  resume(): void {
    this.#running?.resume();
  }

  /** Ends the fit; what there is of it stays. */
  cancel(): void {
    if (!this.#running) return;
    this.#end();
    this.#isCancelled = true;
    this.#host.requestUpdate();
  }

  /** Begins again: after a cancel, or when the data are newer. */
  again(): void {
    this.#end();
    this.#fitted = undefined;
    this.#error = undefined;
    this.#isCancelled = false;
    this.#host.requestUpdate();
  }

  retry(): void {
    this.again();
  }

  hostConnected(): void {
    if (typeof IntersectionObserver === 'undefined') {
      this.#seen = true;
      return;
    }
    this.#observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some((entry) => entry.isIntersecting) || this.#seen) return;
        this.#seen = true;
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
    this.#end();
    this.#fitted = undefined;
  }

  /** Asks what is to be fitted now; called before every update of the host. */
  hostUpdate(): void {
    const fits = this.#host.client?.fits;
    const request = fits ? this.#ask() : undefined;
    const key = request && keyOf(request);
    if (key !== this.#key || fits !== this.#fits) {
      this.#end();
      this.#key = key;
      this.#fits = fits;
      this.#request = request;
      this.#error = undefined;
      this.#isCancelled = false;
    }
    const wants = this.#fitted !== key && !this.#error && !this.#isCancelled;
    if (this.#seen && this.#host.isConnected && !this.#running && wants) this.#start();
  }

  #start(): void {
    const fits = this.#fits;
    const request = this.#request;
    const key = this.#key;
    if (!fits || !request) return;
    let live = true;
    const told = (): void => this.#host.requestUpdate();
    const running = fits.fit(request, {
      result: (result) => {
        if (!live) return;
        if (result.picture.kind === this.#kind) {
          this.#result = result as unknown as ResultOf<K>;
          this.#fitted = key;
        }
        if (result.stage === 'final') this.#end();
        told();
      },
      progress: (progress) => {
        if (!live) return;
        this.#progress = progress;
        told();
      },
      failed: (error) => {
        if (!live || error.tag === 'cancelled') return;
        this.#end();
        this.#error = toExaError(error);
        told();
      },
    });
    this.#running = {
      pause: () => running.pause(),
      resume: () => running.resume(),
      cancel: () => {
        live = false;
        running.cancel();
      },
    };
  }

  #end(): void {
    this.#running?.cancel();
    this.#running = undefined;
    this.#progress = undefined;
  }
}

/** What tells fits apart: the version only says which data a request was made of. */
function keyOf({ version: _version, ...request }: FitRequest): string {
  return JSON.stringify(request);
}

import type { ReactiveController, ReactiveControllerHost } from 'lit';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type {
  ImportClient,
  ImportDecisions,
  ImportDifference,
  ImportDone,
  ImportJob,
  ImportPlan,
  ImportPreview,
  ImportProgress,
} from '../../protocol/import.ts';

/** Where an import stands. */
export type ImportStage = 'choose' | 'reading' | 'preview' | 'storing';

/** One file on its way in: what was found, what was decided, what is under way. */
export class ImportController implements ReactiveController {
  readonly #host: ReactiveControllerHost;
  #job: ImportJob | undefined;
  #running: AbortController | undefined;
  #comparing: AbortController | undefined;

  stage: ImportStage = 'choose';
  fileName = '';
  decisions: ImportDecisions = {};
  preview: ImportPreview | undefined;
  difference: ImportDifference | undefined;
  progress: ImportProgress | undefined;
  /** Why the last step was not done; what was shown before still stands. */
  error: ExaError | undefined;

  constructor(host: ReactiveControllerHost) {
    this.#host = host;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.reset();
  }

  /** Looks at a file; what was there before is dropped. */
  async open(client: ImportClient, file: File): Promise<void> {
    this.reset();
    this.fileName = file.name;
    this.#job = client.open(file, file.name);
    await this.#look();
  }

  /** Adds decisions, and looks again. */
  async decide(more: ImportDecisions): Promise<void> {
    this.decisions = {
      ...this.decisions,
      ...more,
      ...(more.types ? { types: { ...this.decisions.types, ...more.types } } : {}),
      ...(more.roles ? { roles: { ...this.decisions.roles, ...more.roles } } : {}),
    };
    this.difference = undefined;
    await this.#look();
  }

  async #look(): Promise<void> {
    const job = this.#job;
    if (!job) return;
    this.stage = 'reading';
    await this.#run(async (options) => {
      this.preview = await job.preview(this.decisions, options);
    });
    if (this.#job === job) this.stage = this.preview ? 'preview' : 'choose';
    this.#host.requestUpdate();
  }

  /** Says what a plan would change; a newer plan replaces it. */
  async compare(plan: ImportPlan | undefined): Promise<void> {
    this.#comparing?.abort();
    this.difference = undefined;
    this.#host.requestUpdate();
    const job = this.#job;
    if (!job || !plan) return;
    const own = new AbortController();
    this.#comparing = own;
    try {
      const difference = await job.difference(plan, { signal: own.signal });
      if (this.#comparing === own) this.difference = difference;
    } catch (error) {
      if (this.#comparing === own) this.#failed(error);
    }
    this.#host.requestUpdate();
  }

  /** Stores the file whole, or nothing of it; undefined when it failed or was cancelled. */
  async store(plan: ImportPlan): Promise<ImportDone | undefined> {
    const job = this.#job;
    if (!job) return undefined;
    this.#comparing?.abort();
    this.stage = 'storing';
    let done: ImportDone | undefined;
    await this.#run(async (options) => {
      done = await job.store(plan, options);
    });
    if (this.#job === job) this.stage = 'preview';
    this.#host.requestUpdate();
    return done;
  }

  /** Ends what is under way; nothing of it is stored. */
  cancel(): void {
    this.#running?.abort();
    if (this.stage === 'reading' && !this.preview) this.reset();
  }

  /** Back to choosing. */
  reset(): void {
    this.#running?.abort();
    this.#comparing?.abort();
    this.#job?.close();
    this.#job = undefined;
    this.#running = undefined;
    this.stage = 'choose';
    this.fileName = '';
    this.decisions = {};
    this.preview = undefined;
    this.difference = undefined;
    this.progress = undefined;
    this.error = undefined;
    this.#host.requestUpdate();
  }

  async #run(
    step: (options: { signal: AbortSignal; progress: (progress: ImportProgress) => void }) => Promise<void>,
  ): Promise<void> {
    this.#running?.abort();
    const own = new AbortController();
    this.#running = own;
    this.error = undefined;
    this.progress = undefined;
    this.#host.requestUpdate();
    try {
      await step({
        signal: own.signal,
        progress: (progress) => {
          if (this.#running !== own) return;
          this.progress = progress;
          this.#host.requestUpdate();
        },
      });
    } catch (error) {
      if (this.#running === own) this.#failed(error);
    }
    if (this.#running === own) {
      this.#running = undefined;
      this.progress = undefined;
    }
  }

  #failed(error: unknown): void {
    const failure = toExaError(error);
    if (failure.tag !== 'cancelled') this.error = failure;
  }
}

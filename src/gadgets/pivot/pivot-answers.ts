import type { ReactiveController } from 'lit';
import { type AnswerTable, openAnswer } from '../../arrow/answer-table.ts';
import type { Coverage } from '../../protocol/answer.ts';
import type { DataClient, Unsubscribe } from '../../protocol/client.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import { coveredShare } from '../coverage-words.ts';
import type { Gadget } from '../gadget.ts';
import type { Phase, PhaseSource } from '../phase.ts';

/** An answer that came, and what it covers. */
export interface PivotAnswer {
  readonly table: AnswerTable;
  readonly coverage: Coverage;
}

interface Held {
  readonly question: AggregateQuestion;
  stop: Unsubscribe | undefined;
  answer: PivotAnswer | undefined;
  error: ExaError | undefined;
  wanted: boolean;
  /** When it was last wanted, counted in updates. */
  at: number;
}

/** Answers kept after they are out of sight, so that scrolling back shows them at once. */
const maxKept = 48;

/**
 * The answers of many small questions at once. Before an update the host says which it wants ({@link want}); those stay
 * subscribed, the others end after it; what they answered is kept a while.
 */
export class PivotAnswers implements ReactiveController, PhaseSource {
  readonly #host: Gadget;
  readonly #held = new Map<string, Held>();
  #client: DataClient | undefined;
  #update = 0;
  /** Whether everything wanted in the last update was here. */
  #isWhole = false;
  #asked = false;

  readonly #plan: () => void;

  /** `plan` says what is wanted; called before every update of the host. */
  constructor(host: Gadget, plan: () => void) {
    this.#host = host;
    this.#plan = plan;
    host.addController(this);
    host.addPhaseSource(this);
  }

  get error(): ExaError | undefined {
    for (const held of this.#held.values()) if (held.wanted && held.error) return held.error;
    return undefined;
  }

  get asOf(): string | undefined {
    const dates = [...this.#held.values()].flatMap(({ wanted, answer }) =>
      wanted && answer ? [answer.coverage.asOf] : [],
    );
    return dates.sort()[0];
  }

  get covered(): number | undefined {
    const shares = [...this.#held.values()].flatMap(({ wanted, answer }) =>
      wanted && answer ? (coveredShare(answer.coverage) ?? []) : [],
    );
    return shares.sort((a, b) => a - b)[0];
  }

  get phase(): Phase {
    if (this.error) return 'failed';
    if (!this.#asked) return 'idle';
    if (!this.#isWhole) return 'loading';
    const isStale = [...this.#held.values()].some(
      ({ wanted, answer }) => wanted && answer && !isSettled(answer.coverage),
    );
    return isStale ? 'stale' : 'ready';
  }

  hostDisconnected(): void {
    for (const held of this.#held.values()) this.#end(held);
    this.#held.clear();
    this.#asked = false;
  }

  hostUpdate(): void {
    const { client } = this.#host;
    if (client !== this.#client) this.hostDisconnected();
    this.#client = client;
    this.#update++;
    this.#isWhole = true;
    for (const held of this.#held.values()) held.wanted = false;
    this.#asked = false;
    this.#plan();
  }

  /** The answer to a question wanted now; undefined until it comes, or where it failed. */
  want(question: AggregateQuestion): PivotAnswer | undefined {
    if (!this.#client || !this.#host.isConnected) return undefined;
    this.#asked = true;
    const key = JSON.stringify(question);
    let held = this.#held.get(key);
    if (!held) {
      held = {
        question,
        stop: undefined,
        answer: undefined,
        error: undefined,
        wanted: true,
        at: this.#update,
      };
      this.#held.set(key, held);
    }
    held.wanted = true;
    held.at = this.#update;
    if (!held.stop && !held.error) this.#start(held, this.#client);
    if (!held.answer && !held.error) this.#isWhole = false;
    return held.answer;
  }

  /** Ends what was not wanted in this update. */
  hostUpdated(): void {
    const left = [...this.#held].filter(([, { wanted }]) => !wanted);
    for (const [, held] of left) this.#end(held);
    left.sort(([, a], [, b]) => a.at - b.at);
    for (const [key, held] of left) if (!held.answer || this.#held.size > maxKept) this.#held.delete(key);
  }

  retry(): void {
    for (const held of this.#held.values()) {
      if (!held.error) continue;
      this.#end(held);
      held.error = undefined;
    }
    this.#client?.retry();
    this.#host.requestUpdate();
  }

  #start(held: Held, client: DataClient): void {
    let live = true;
    const told = (): void => this.#host.requestUpdate();
    const stop = client.subscribe(held.question, {
      next: ({ bytes, coverage }) => {
        if (!live) return;
        try {
          held.answer = { table: openAnswer(bytes), coverage };
          held.error = undefined;
        } catch (error) {
          held.error = toExaError(error);
        }
        told();
      },
      failed: (error) => {
        if (!live || error.tag === 'cancelled') return;
        held.error = error;
        told();
      },
    });
    held.stop = () => {
      live = false;
      stop();
    };
  }

  #end(held: Held): void {
    held.stop?.();
    held.stop = undefined;
  }
}

function isSettled({ settled, mixed, blocks, blocksTotal }: Coverage): boolean {
  return settled && !mixed && blocks === blocksTotal;
}

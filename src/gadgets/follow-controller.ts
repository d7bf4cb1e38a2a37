import type { ReactiveController } from 'lit';
import type { AggregateQuestion } from '../protocol/query.ts';
import type { AnswerController } from './answer-controller.ts';
import type { BrushFollower, FilterGroup } from './filter-group/group.ts';
import type { Gadget } from './gadget.ts';

/** Joins a gadget's answer to the brushes of its filter group, while connected. */
export class FollowController implements ReactiveController, BrushFollower {
  readonly #host: Gadget;
  readonly #answer: AnswerController;
  readonly #id: () => string;
  readonly #ask: (excluded: readonly string[]) => AggregateQuestion | undefined;
  #group: FilterGroup | undefined;
  #leave: (() => void) | undefined;

  constructor(
    host: Gadget,
    answer: AnswerController,
    id: () => string,
    ask: (excluded: readonly string[]) => AggregateQuestion | undefined,
  ) {
    this.#host = host;
    this.#answer = answer;
    this.#id = id;
    this.#ask = ask;
    host.addController(this);
  }

  get id(): string {
    return this.#id();
  }

  /** Undefined until the first answer: what shows nothing yet follows nothing. */
  brushQuestion(excluded: readonly string[]): AggregateQuestion | undefined {
    return this.#answer.answer ? this.#ask(excluded) : undefined;
  }

  showSlice(bytes: Uint8Array | undefined): void {
    this.#answer.showSlice(bytes);
  }

  hostUpdate(): void {
    if (this.#host.group === this.#group) return;
    this.#leave?.();
    this.#group = this.#host.group;
    this.#leave = this.#host.isConnected ? this.#group?.follow(this) : undefined;
  }

  hostDisconnected(): void {
    this.#leave?.();
    this.#leave = undefined;
    this.#group = undefined;
  }
}

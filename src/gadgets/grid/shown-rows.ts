import type { AnswerController } from '../answer-controller.ts';
import { type FoundRow, Windows } from './windows.ts';

/**
 * What a grid shows of an answer that goes on: rows that match as of one version. Rows that arrive while people read
 * wait until they are asked for, or until the view moves where nothing is here yet.
 */
export class ShownRows {
  readonly #windows = new Windows();
  #shown: { readonly key: string; readonly matching: number; readonly version: number } | undefined;
  #waiting = 0;

  /** Whether anything came yet. */
  get any(): boolean {
    return this.#shown !== undefined;
  }

  /** Rows that match. */
  get matching(): number {
    return this.#shown?.matching ?? 0;
  }

  /** Rows that arrived since. */
  get waiting(): number {
    return this.#waiting;
  }

  find(row: number): FoundRow | undefined {
    return this.#windows.find(row);
  }

  /** Takes the window that came, if one did; `start`, `end`: rows in view. */
  take(of: AnswerController, { start, end }: { readonly start: number; readonly end: number }): void {
    const { answer, coverage, question } = of;
    if (!answer || !coverage || question?.kind !== 'rows' || of.phase === 'loading') return;
    const key = JSON.stringify({ ...question, offset: 0 });
    const matching = coverage.matching ?? coverage.rows;
    const shown = this.#shown?.key === key ? this.#shown : undefined;
    if (shown && coverage.version > shown.version && matching > shown.matching) {
      const last = Math.min(end, shown.matching) - 1;
      if (this.find(start) && this.find(last)) {
        this.#waiting = matching - shown.matching;
        return;
      }
    }
    this.#waiting = 0;
    this.#shown = { key, matching, version: coverage.version };
    this.#windows.put(`${key}@${coverage.version}`, question.offset, answer);
  }

  /** Forgets what is shown, so that the next answer is taken with all its rows. */
  clear(): void {
    this.#shown = undefined;
    this.#windows.clear();
  }
}

import { msg } from '@lit/localize';
import type { ZoneTable } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { AggregateQuestion, ColumnRef, Filter, TimeUnit } from '../../protocol/query.ts';
import { AnswerController } from '../answer-controller.ts';
import { rangeIn } from '../filter-group/where.ts';
import type { Gadget } from '../gadget.ts';
import { isAdditive } from '../measure.ts';
import { binStarts, type Series, seriesOf } from './series.ts';
import { instantOf } from './trend.query.ts';

/** What a trend compares: bins of a column in one data set, without its own brushed range. */
export interface Compared {
  readonly id: string;
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly unit: TimeUnit;
  readonly zone: ZoneTable;
  readonly ask: (where: Filter) => AggregateQuestion | undefined;
}

/** Keeps a trend's measure over the period it is compared with, bin beside bin. */
export class TrendBefore {
  readonly #host: Gadget;
  readonly #of: () => Compared | undefined;
  readonly #answer: AnswerController;

  constructor(host: Gadget, of: () => Compared | undefined) {
    this.#host = host;
    this.#of = of;
    this.#answer = new AnswerController(host, () => this.#question());
  }

  /** What the series is an answer to: another one is another picture. */
  get answer(): unknown {
    return this.#answer.answer;
  }

  /** What it is compared with, in words. */
  get words(): string {
    return this.#host.group?.against === 'year' ? msg('A year before') : msg('The period before');
  }

  /** Undefined while nothing is compared, and until it is known. */
  series(measure: Measure): Series | undefined {
    const { question, answer, phase } = this.#answer;
    const of = this.#of();
    if (!of || !question || !answer?.has(measure.id) || phase === 'loading') return undefined;
    const range = rangeIn(this.#where(of), of.column);
    const [from, to] = [instantOf(range?.from), instantOf(range?.to)];
    if (from === undefined || to === undefined) return undefined;
    const starts = binStarts(from, to, of.unit, of.zone);
    return seriesOf(answer, measure.id, starts, isAdditive(measure) ? 0 : null, of.zone);
  }

  #where({ id, dataset }: Compared): Filter | undefined {
    const { group } = this.#host;
    return group?.period ? group.previousWhere(dataset, [id]) : undefined;
  }

  #question(): AggregateQuestion | undefined {
    const of = this.#of();
    const where = of && this.#where(of);
    return where && of.ask(where);
  }
}

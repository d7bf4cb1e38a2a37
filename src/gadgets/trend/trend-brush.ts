import type { ReactiveController } from 'lit';
import type { ExaError } from '../../protocol/errors.ts';
import type { ColumnRef, Filter, TimeUnit } from '../../protocol/query.ts';
import type { BrushSession } from '../filter-group/group.ts';
import type { Gadget } from '../gadget.ts';
import type { BinRange, RangeEvent } from './brush-layer.ts';
import { cubeBins, literalOf } from './trend.query.ts';

/** What is brushed: calendar bins of a column, `starts` in UTC ms with the end of the last. */
export interface Brushed {
  /** Of the gadget in its filter group. */
  readonly id: string;
  readonly dataset: string;
  readonly column: ColumnRef;
  readonly kind: 'date' | 'timestamp';
  readonly unit: TimeUnit;
  readonly starts: readonly number[];
}

/** Turns a range drawn over a trend into a filter of its group: prepared as the pointer enters, live while it moves. */
export class TrendBrush implements ReactiveController {
  /** The range under the pointer while it moves; null: none; undefined: nobody moves it. */
  moving: BinRange | null | undefined;
  /** Why some gadgets move only when the range is let go. */
  refused: ExaError | undefined;

  readonly #host: Gadget;
  readonly #brushed: () => Brushed | undefined;
  #session: BrushSession | undefined;

  constructor(host: Gadget, brushed: () => Brushed | undefined) {
    this.#host = host;
    this.#brushed = brushed;
    host.addController(this);
  }

  hostDisconnected(): void {
    this.#session?.cancel();
    this.#session = undefined;
    this.moving = undefined;
  }

  readonly prepare = (): void => {
    const of = this.#brushed();
    const [from, to] = [of?.starts[0], of?.starts[of.starts.length - 1]];
    if (!of || from === undefined || to === undefined || this.#session) return;
    this.refused = undefined;
    const cube = cubeBins(from, to, of.unit);
    const scale = of.kind === 'date' ? 86_400_000 : 1;
    this.#session = this.#host.group?.brush(
      of.id,
      {
        dataset: of.dataset,
        column: of.column,
        from: from / scale,
        to: cube.to / scale,
        bins: cube.bins,
      },
      (error) => {
        this.refused = error;
        this.#host.requestUpdate();
      },
    );
  };

  readonly release = (): void => {
    if (this.moving !== undefined) return;
    this.refused = undefined;
    this.#host.requestUpdate();
    this.#session?.cancel();
    this.#session = undefined;
  };

  readonly ranged = ({ detail: { range, done } }: RangeEvent): void => {
    const of = this.#brushed();
    if (!of || of.starts.length < 2) return;
    if (done) this.#commit(of, range);
    else this.#move(of, range);
    this.#host.requestUpdate();
  };

  #move({ starts, unit }: Brushed, range: BinRange | undefined): void {
    this.moving = range ?? null;
    if (!range) return;
    const from = starts[0]!;
    const cube = cubeBins(from, starts[starts.length - 1]!, unit);
    const width = (cube.to - from) / cube.bins;
    const bin = (at: number): number => Math.round((at - from) / width);
    this.#session?.move(bin(starts[range.start]!), bin(starts[range.end]!));
  }

  /** The range ended: sets the filter, whose answers follow. */
  #commit({ id, dataset, column, kind, starts }: Brushed, range: BinRange | undefined): void {
    this.moving = undefined;
    const filter: Filter | undefined = range && {
      op: 'range',
      column,
      from: literalOf(starts[range.start]!, kind),
      to: literalOf(starts[range.end]!, kind),
    };
    if (this.#session) this.#session.commit(filter);
    else this.#host.group?.set(id, filter && { dataset, filter });
    this.#session = undefined;
  }
}

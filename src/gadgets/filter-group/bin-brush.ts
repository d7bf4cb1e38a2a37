import type { ReactiveController } from 'lit';
import type { Literal } from '../../protocol/column.ts';
import type { ExaError } from '../../protocol/errors.ts';
import type { ColumnRef, Filter } from '../../protocol/query.ts';
import type { Gadget } from '../gadget.ts';
import type { BinRange, RangeEvent } from '../plot/brush-layer.ts';
import type { BrushSession } from './group.ts';

/** What is brushed: bins of a column along an axis (numbers; calendar bins in UTC ms). */
export interface Brushed {
  /** Of the gadget in its filter group. */
  readonly id: string;
  readonly dataset: string;
  readonly column: ColumnRef;
  /** Starts of the bins, and the end of the last. */
  readonly edges: readonly number[];
  /** Equal bins a cube is built over, from the first edge on; the edges lie on theirs. */
  readonly cube: { readonly to: number; readonly bins: number };
  /** How much of the axis is 1 in the column: a day's ms for dates. */
  readonly scale: number;
  /** A place on the axis as the column has it. */
  readonly literal: (at: number) => Literal;
}

/** Turns a range drawn over bins into a filter of the group: prepared as the pointer enters, live while it moves. */
export class BinBrush implements ReactiveController {
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
    const from = of?.edges[0];
    if (!of || from === undefined || of.edges.length < 2 || this.#session) return;
    this.refused = undefined;
    const { id, dataset, column, cube, scale } = of;
    this.#session = this.#host.group?.brush(
      id,
      { dataset, column, from: from / scale, to: cube.to / scale, bins: cube.bins },
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
    if (!of || of.edges.length < 2) return;
    if (done) this.#commit(of, range);
    else this.#move(of, range);
    this.#host.requestUpdate();
  };

  #move({ edges, cube }: Brushed, range: BinRange | undefined): void {
    this.moving = range ?? null;
    if (!range) return;
    const from = edges[0]!;
    const width = (cube.to - from) / cube.bins;
    const bin = (at: number): number => Math.round((at - from) / width);
    this.#session?.move(bin(edges[range.start]!), bin(edges[range.end]!));
  }

  /** The range ended: sets the filter, whose answers follow. */
  #commit({ id, dataset, column, edges, literal }: Brushed, range: BinRange | undefined): void {
    this.moving = undefined;
    const filter: Filter | undefined = range && {
      op: 'range',
      column,
      from: literal(edges[range.start]!),
      to: literal(edges[range.end]!),
    };
    if (this.#session) this.#session.commit(filter);
    else this.#host.group?.set(id, filter && { dataset, filter });
    this.#session = undefined;
  }
}

import { type AxisScale, axisTicks } from '../exact/axis.ts';
import type { Extent } from '../exact/extent.ts';
import type { Ticks } from '../exact/ticks.ts';
import { formatsFor } from '../format.ts';
import type { Gadget } from '../gadget.ts';
import type { Figure } from '../plot/figure.ts';
import type { Scheme } from '../theme/palette.ts';
import { axesFigure, type SeriesPicture } from './series.figure.ts';
import { bottomPx, marginsOf, topPx, valueTicks } from './series-drawing.ts';

/** What the axes show. */
export interface SeriesAxes {
  readonly extent: Extent;
  readonly y: readonly [number, number];
  readonly scale: AxisScale;
}

/** Where a line is drawn in its card: sizes, margins, marks and the figure of the axes. */
export class SeriesArea {
  readonly #host: Gadget;
  readonly #axes: () => SeriesAxes;
  #figure: { readonly key: string; readonly make: (scheme: Scheme) => Figure } | undefined;

  constructor(host: Gadget, axes: () => SeriesAxes) {
    this.#host = host;
    this.#axes = axes;
  }

  get element(): HTMLElement | undefined {
    return this.#host.renderRoot?.querySelector<HTMLElement>('.area') ?? undefined;
  }

  /** CSS px; before the first drawing, about what it will be. */
  get width(): number {
    return this.element?.clientWidth || Math.max(0, this.#host.clientWidth - 80);
  }

  get picture(): Omit<SeriesPicture, 'scheme'> {
    const { y } = this.#axes();
    const yTicks = valueTicks(y, this.#height, formatsFor(this.#host));
    return { margins: marginsOf(yTicks), y, yTicks, xTicks: this.xTicks.ticks };
  }

  get xTicks(): Ticks {
    const { extent, scale } = this.#axes();
    return axisTicks(extent, scale, this.width);
  }

  /** The axes alone: one function as long as they stand. */
  get figure(): (scheme: Scheme) => Figure {
    const { margins, y, yTicks } = this.picture;
    const key = JSON.stringify([margins, y, yTicks, this.#host.clientWidth, this.#host.clientHeight]);
    if (this.#figure?.key !== key) this.#figure = { key, make: () => axesFigure({ margins, y, yTicks }) };
    return this.#figure.make;
  }

  get #height(): number {
    const chart = this.#host.renderRoot?.querySelector<HTMLElement>('.chart');
    return Math.max(40, (chart?.clientHeight ?? 200) - topPx - bottomPx);
  }
}

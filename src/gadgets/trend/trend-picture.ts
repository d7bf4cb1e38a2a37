import type { Measure } from '../../protocol/profile.ts';
import type { TimeUnit } from '../../protocol/query.ts';
import type { Formats } from '../format.ts';
import { compactMeasure, isAdditive } from '../measure.ts';
import type { MakeFigure } from '../plot/kept-figure.ts';
import type { Series } from './series.ts';
import { labelledBins, maxBars, trendFigure } from './trend.figure.ts';

/** What a trend's picture is made of. */
export interface TrendPicture {
  readonly series: Series;
  /** Unfiltered, behind it. */
  readonly ghost: Series | undefined;
  /** Of the period it is compared with. */
  readonly before: Series | undefined;
  readonly measure: Measure;
  readonly currency: string | undefined;
  readonly formats: Formats;
  readonly unit: TimeUnit;
  /** CSS px. */
  readonly width: number;
  /** The y axis while something is brushed. */
  readonly frozen: readonly [number, number] | undefined;
  /** A bin's start in words. */
  readonly binText: (start: number | undefined) => string;
}

/** The figure with as many labels as have room. */
export function trendPicture(picture: TrendPicture): MakeFigure {
  const { series, measure, unit, width, binText, formats, currency, ghost, before, frozen } = picture;
  const shape = shapeOf(series, measure);
  const room = Math.max(2, Math.floor((width - 80) / (unit === 'year' || unit === 'hour' ? 64 : 96)));
  const tickFormat = measure.format === 'money' ? 'number' : measure.format;
  return (scheme) =>
    trendFigure({
      series,
      ghost,
      before,
      shape,
      scheme,
      frozen,
      zero: shape === 'bars' || isAdditive(measure),
      xTicks: labelledBins(series.values.length, room).map((bin) => ({
        at: bin + 0.5,
        text: binText(series.starts[bin]),
      })),
      yTick: (value) =>
        shortTick(compactMeasure(formats, { ...measure, format: tickFormat }, value, currency)),
    });
}

export function shapeOf(series: Series, measure: Measure): 'bars' | 'line' {
  return series.values.length <= maxBars && isAdditive(measure) ? 'bars' : 'line';
}

/** "20.0 K" as an axis writes it: "20 K". */
function shortTick(text: string): string {
  return text.replace(/[.,]0{1,2}(?!\d)/, '');
}

import type { ZoneTable } from '../../protocol/head.ts';
import { offsetAt } from '../../protocol/period.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { TimeUnit } from '../../protocol/query.ts';
import type { Formats } from '../format.ts';
import { compactMeasure, isAdditive } from '../measure.ts';
import type { MakeFigure } from '../plot/kept-figure.ts';
import { calendarTicks } from './calendar-ticks.ts';
import type { Series } from './series.ts';
import { maxBars, type TrendTick, trendFigure } from './trend.figure.ts';

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
  readonly zone: string;
  readonly zoneTable: ZoneTable;
}

/** The figure with as many labels as have room. */
export function trendPicture(picture: TrendPicture): MakeFigure {
  const { series, measure, width, formats, currency, ghost, before, frozen } = picture;
  const shape = shapeOf(series, measure);
  const tickFormat = measure.format === 'money' ? 'number' : measure.format;
  const xTicks = ticksOf(picture, Math.max(160, width - 80));
  return (scheme) =>
    trendFigure({
      series,
      ghost,
      before,
      shape,
      scheme,
      frozen,
      zero: shape === 'bars' || isAdditive(measure),
      xTicks,
      yTick: (value) =>
        shortTick(compactMeasure(formats, { ...measure, format: tickFormat }, value, currency)),
    });
}

/** Labels of the x axis, `px` CSS px wide, in the middles of their bins. */
function ticksOf({ series, unit, formats, zone, zoneTable }: TrendPicture, px: number): TrendTick[] {
  const starts = series.starts.slice(0, series.values.length);
  const ticks = calendarTicks({
    starts: starts.map((start) => start + offsetAt(start, zoneTable)),
    pace: px / starts.length,
    text: (bin, after) =>
      formats.binAfter(after === undefined ? undefined : starts[after], starts[bin]!, unit, zone),
  });
  return ticks.map(({ bin, text }) => ({ at: bin + 0.5, text }));
}

export function shapeOf(series: Series, measure: Measure): 'bars' | 'line' {
  return series.values.length <= maxBars && isAdditive(measure) ? 'bars' : 'line';
}

/** "20.0 K" as an axis writes it: "20 K". */
function shortTick(text: string): string {
  return text.replace(/[.,]0{1,2}(?!\d)/, '');
}

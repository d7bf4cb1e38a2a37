import { type Extent, parts } from './extent.ts';
import { groupDigits } from './index-text.ts';
import { isoInstant, parseInstant } from './instant.ts';
import { indexTicks, type Ticks } from './ticks.ts';
import { instantAt, timeTicks } from './time-ticks.ts';

/** How an axis is read: by index, or as instants `origin` (ISO) + index · `step` (nanoseconds, decimal text). */
export type AxisScale =
  | { readonly kind: 'index' }
  | { readonly kind: 'time'; readonly origin: string; readonly step: string };

/** Marks along `widthPx`; a time scale that cannot be read counts as an index. */
export function axisTicks(extent: Extent, scale: AxisScale, widthPx: number): Ticks {
  const time = timeOf(scale);
  return time ? timeTicks(extent, time, widthPx) : indexTicks(extent, widthPx);
}

/** An element's exact name: its index, and its instant on a time scale. */
export function nameOf(index: bigint, scale: AxisScale): string {
  const time = timeOf(scale);
  return time ? `${isoInstant(instantAt(index * parts, time))} · ${groupDigits(index)}` : groupDigits(index);
}

function timeOf(scale: AxisScale): { origin: bigint; step: bigint } | undefined {
  if (scale.kind === 'index' || !/^[1-9]\d{0,24}$/.test(scale.step)) return undefined;
  const origin = parseInstant(scale.origin);
  return origin === undefined ? undefined : { origin, step: BigInt(scale.step) };
}

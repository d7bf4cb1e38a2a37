import { type Extent, fractionOf, parts } from './extent.ts';
import { groupDigits, raised } from './index-text.ts';

/** A mark of an axis: where it lies in the extent, `[0, 1]`, and what stands there. */
export interface Tick {
  readonly at: number;
  readonly text: string;
}

/**
 * Marks of an axis. What their texts share stands once: `base`, the beginning of all; `unit`, "× 10¹⁵" of round ones.
 * Empty where they share nothing.
 */
export interface Ticks {
  readonly ticks: readonly Tick[];
  readonly base: string;
  readonly unit: string;
}

/** CSS px of a digit and of a separator at 12 px. */
const digitPx = 7;
const gapPx = 28;

/** Widest text that is written whole at every mark when fewer than this many would fit. */
const fewest = 4;

/** Round indices of more digits than this are read by what they share: `999,999,999`. */
const readable = 9;

/** Usual least distance of marks with short texts, CSS px. */
const usualApartPx = 88;

/**
 * Marks at round indices (1, 2, 5 times a power of ten, whole elements only) along `widthPx`. Long ones that end in the
 * same noughts are written without them, and the `unit` once; where the digits of whole indices would leave room for
 * fewer than four, those that all marks begin with stand once, in `base`.
 */
export function indexTicks(extent: Extent, widthPx: number, apartPx: number = usualApartPx): Ticks {
  const longest = groupDigits(extent.to / parts).length * digitPx;
  const most = Math.max(1, Math.floor(widthPx / (longest + gapPx)));
  const whole = marks(extent, most);
  const round = roundTicks(extent, widthPx, apartPx);
  if (round) return round;
  if (most >= fewest) return written(extent, whole, 0n);
  for (const groups of [1, 2, 3, 4, 5]) {
    const unit = 1000n ** BigInt(groups);
    const label = (4 * groups + 1) * digitPx;
    const many = marks(extent, Math.max(1, Math.floor(widthPx / (label + gapPx))));
    if (many.length > whole.length && sharesBeginning(many, unit)) return written(extent, many, unit);
  }
  return written(extent, whole, 0n);
}

/** Marks that end in as many noughts as lets at least two stand, written in that unit; undefined for short or uneven ones. */
function roundTicks(extent: Extent, widthPx: number, apartPx: number): Ticks | undefined {
  for (let groups = Math.ceil(String(extent.to / parts).length / 3) - 1; groups >= 2; groups--) {
    const unit = 1000n ** BigInt(groups);
    const label = groupDigits(extent.to / parts / unit).length * digitPx;
    const many = marks(extent, Math.floor(widthPx / Math.max(apartPx, label + gapPx)));
    const last = many.at(-1);
    if (last === undefined || many.length < 2 || String(last).length <= readable) return undefined;
    if (!many.every((at) => at % unit === 0n) || String(last / unit).length > 6) continue;
    return {
      ticks: many.map((at) => ({
        at: fractionOf(extent, at * parts + middle(extent)),
        text: groupDigits(at / unit),
      })),
      base: '',
      unit: `× 10${raised(3 * groups)}`,
    };
  }
  return undefined;
}

function sharesBeginning(marks: readonly bigint[], unit: bigint): boolean {
  const first = marks[0];
  return first !== undefined && first >= unit && marks.every((at) => at / unit === first / unit);
}

function written(extent: Extent, marks: readonly bigint[], unit: bigint): Ticks {
  const text = (at: bigint): string => {
    if (unit === 0n) return groupDigits(at);
    const rest = String(at % unit).padStart(String(unit).length - 1, '0');
    return `…${rest.replace(/\B(?=(\d{3})+$)/g, ',')}`;
  };
  return {
    ticks: marks.map((at) => ({ at: fractionOf(extent, at * parts + middle(extent)), text: text(at) })),
    base: unit === 0n ? '' : `${groupDigits(marks[0]! / unit)},…`,
    unit: '',
  };
}

/** Marks stand in the middle of elements wide enough to be seen, else at their beginning. */
function middle({ from, to }: Extent): bigint {
  return to - from <= 200n * parts ? parts / 2n : 0n;
}

/** At most `most` round indices within the extent. */
export function marks({ from, to }: Extent, most: number): bigint[] {
  const step = stepFor((to - from) / BigInt(Math.max(1, most)));
  const first = (from + step * parts - 1n) / (step * parts);
  const found: bigint[] = [];
  for (let at = first * step; at * parts < to; at += step) found.push(at);
  return found;
}

/** The smallest round number of elements (1, 2, 5 × 10^k) that is at least `length`, in parts. */
export function stepFor(length: bigint): bigint {
  for (let power = 1n; ; power *= 10n)
    for (const lead of [1n, 2n, 5n]) if (lead * power * parts >= length) return lead * power;
}

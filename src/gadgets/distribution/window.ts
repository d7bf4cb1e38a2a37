import { type Bins, narrower, niceBins } from './bins.ts';

/** Bins a window that may be too wide is looked at with, how often it is narrowed, and bins drawn. */
const lookBins = 64;
const maxLooks = 4;
const shownBins = 40;

/** The window of values a distribution shows, found look by look. */
export interface Window {
  /** What it was begun for. */
  readonly key: string;
  readonly low: number;
  readonly high: number;
  /** Values of the whole column. */
  readonly all: number;
  readonly whole: boolean;
  readonly looks: number;
  readonly isFound: boolean;
}

/** Begins with all there is; `whole`: of integers. */
export function beginWindow(key: string, low: number, high: number, all: number, whole: boolean): Window {
  return { key, low, high, all, whole, looks: 0, isFound: high - low <= (whole ? lookBins : 0) };
}

/** The bins to look at it with. */
export function lookOf({ low, high }: Window): Bins {
  return niceBins(low, high, lookBins, false);
}

/** The window after a look: narrower, or found. `counts`: rows a bin of {@link lookOf}. */
export function looked(window: Window, counts: readonly number[]): Window {
  const within = narrower(lookOf(window), counts, window.all);
  const low = Math.max(window.low, within?.low ?? window.low);
  const high = Math.min(window.high, within?.high ?? window.high);
  const isSame = low === window.low && high === window.high;
  if (!within || isSame || window.looks + 1 >= maxLooks)
    return { ...window, ...(within ? { low, high } : {}), isFound: true };
  return { ...window, low, high, looks: window.looks + 1, isFound: window.whole && high - low <= shownBins };
}

/** The bins drawn. */
export function binsOf({ low, high, whole }: Window): Bins {
  return niceBins(low, high, shownBins, whole);
}

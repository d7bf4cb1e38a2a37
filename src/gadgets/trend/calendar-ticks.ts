/** A bin that carries a label, by its place. */
export interface CalendarTick {
  readonly bin: number;
  readonly text: string;
}

/** What the bins' labels are chosen from. */
export interface CalendarBins {
  /** Starts of the bins, local ms. */
  readonly starts: readonly number[];
  /** CSS px of a bin. */
  readonly pace: number;
  /** A bin's label; `after`: the bin labelled before it, undefined for the first. */
  readonly text: (bin: number, after: number | undefined) => string;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** CSS px of a letter at 12 px, and of the room between two labels. */
const letter = 6.6;
const between = 11;

/** What two instants of one step have in common, finest first. */
const steps: readonly ((local: number) => number)[] = [
  ...[1, 3, 6, 12].map((hours) => (local: number) => Math.floor(local / (hours * hourMs))),
  (local) => Math.floor(local / dayMs),
  // Every other day of a month: not the 31st, which stands beside the 1st.
  (local) => monthOf(local) * 32 + Math.min(14, Math.floor((dayOf(local) - 1) / 2)),
  (local) => Math.floor((Math.floor(local / dayMs) + 3) / 7),
  (local) => monthOf(local) * 2 + (dayOf(local) < 15 ? 0 : 1),
  ...[1, 3, 6].map((months) => (local: number) => Math.floor(monthOf(local) / months)),
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].map(
    (years) => (local: number) => Math.floor(monthOf(local) / (12 * years)),
  ),
];

/**
 * The labels of an axis of calendar bins: the finest step of the calendar (hours, days, Mondays, first days of months,
 * quarters, years) whose labels have room beside each other. The first bin has one where none begins a step.
 */
export function calendarTicks({ starts, pace, text }: CalendarBins): readonly CalendarTick[] {
  for (const step of steps) {
    const begun = binsBeginning(step, starts);
    // Writing dates is slow: steps that have no room for the shortest label are passed over.
    if (begun.length === 0 || begun.some((bin, i) => i > 0 && (bin - begun[i - 1]!) * pace < roomOf(3)))
      continue;
    const ticks = begun.map((bin, i) => ({ bin, text: text(bin, begun[i - 1]) }));
    if (areApart(ticks, pace)) return ticks;
  }
  return starts.length > 0 ? [{ bin: 0, text: text(0, undefined) }] : [];
}

function binsBeginning(step: (local: number) => number, starts: readonly number[]): readonly number[] {
  return [...starts.keys()].filter((bin) => {
    const start = starts[bin]!;
    return step(starts[bin - 1] ?? start - 1) !== step(start);
  });
}

function areApart(ticks: readonly CalendarTick[], pace: number): boolean {
  return ticks.every(({ bin, text }, i) => {
    const next = ticks[i + 1];
    return !next || (next.bin - bin) * pace >= roomOf((text.length + next.text.length) / 2);
  });
}

/** CSS px between the middles of two labels, by their mean length. */
function roomOf(letters: number): number {
  return letters * letter + between;
}

function monthOf(local: number): number {
  const date = new Date(local);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}

function dayOf(local: number): number {
  return new Date(local).getUTCDate();
}

import type { Measure } from '../protocol/profile.ts';
import type { Filter } from '../protocol/query.ts';

/** The rows behind a mark: a bar, a point, a bin, a figure, a cell. */
export interface Drill {
  readonly dataset: string;
  /** Everything those rows pass, the period and the others' filters included; undefined: all rows. */
  readonly where: Filter | undefined;
  /** What the mark is, as people read it. */
  readonly title: string;
  /** Its number, which the rows' own must equal. */
  readonly measure?: Measure | undefined;
}

/** Bubbling, composed: somebody wants to see the rows behind a mark. */
export type DrillEvent = CustomEvent<Drill>;

/** Asks the host above to show the rows behind a mark. */
export function drill(from: EventTarget, detail: Drill): void {
  from.dispatchEvent(
    new CustomEvent('exa-drill', { bubbles: true, composed: true, detail }) satisfies DrillEvent,
  );
}

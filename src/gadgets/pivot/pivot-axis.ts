import type { Literal } from '../../protocol/column.ts';
import { samePath } from './pivot-state.ts';

/** A column of a pivot: a combination of the column fields, or (fewer values, no leaf) the subtotal of the outer ones. */
export interface AxisColumn {
  readonly values: readonly Literal[];
  /** Its place among the combinations. */
  readonly leaf: number | undefined;
}

/**
 * Combinations that occur, in the order of their fields, with a subtotal behind the last of each outer value: of three
 * fields the inner ones stand before the outer.
 */
export function withSubtotals(keys: readonly (readonly Literal[])[], fields: number): AxisColumn[] {
  return keys.flatMap((values, leaf) => {
    const next = keys[leaf + 1];
    const columns: AxisColumn[] = [{ values, leaf }];
    for (let depth = fields - 1; depth > 0; depth--) {
      const outer = values.slice(0, depth);
      if (!next || !samePath(next.slice(0, depth), outer)) columns.push({ values: outer, leaf: undefined });
    }
    return columns;
  });
}

import { blockRows } from '../../protocol/column.ts';
import type { ColumnTypes } from '../../protocol/formula-type.ts';
import type { FilterSpec } from '../../protocol/kernel.ts';
import type { BlockInput } from '../block.ts';
import { canonicalJson } from '../canonical-json.ts';
import { selectRows } from './accumulate.ts';
import type { Selection } from './key-codes.ts';
import { maskOf } from './mask.ts';
import { matchesAll } from './mask-fours.ts';
import { columnsOf, operandsOf } from './operands.ts';
import { selectRanges } from './select-ranges.ts';

interface Remembered {
  readonly where: string;
  readonly columns: readonly (object | undefined)[];
  readonly live: Uint8Array | undefined;
  readonly rows: Selection;
}

/** Selections kept a column: several views that share a filter ask one after the other. */
const maxRemembered = 2;
const room = new Uint16Array(blockRows);
const masks = new Uint8Array(blockRows);
const remembered = new WeakMap<object, Remembered[]>();

/**
 * Selects the rows of blocks that match a filter and are live. A block's selection is remembered with its first
 * filtered column, for the next question with the same filter.
 */
export function selector(
  where: FilterSpec | undefined,
  types: ColumnTypes,
): (input: BlockInput) => Selection {
  const key = canonicalJson(where ?? null);
  const ids = where ? columnsOf(operandsOf(where)) : [];
  return (input) => {
    const columns = ids.map((id) => input.pages?.[id] ?? input.columns[id]);
    const [first] = columns;
    const same = (one: Remembered): boolean =>
      one.where === key && one.live === input.live && one.columns.every((column, c) => column === columns[c]);
    const known = first && remembered.get(first);
    const found = known?.find(same);
    if (found) return found.rows;
    const selected = selectRanges(where, input, room) ?? selectMasked(where, input, types);
    const rows = selected?.length === input.length ? undefined : selected?.slice();
    if (first) {
      const kept = { where: key, columns, live: input.live, rows };
      remembered.set(first, [kept, ...(known ?? [])].slice(0, maxRemembered));
    }
    return rows;
  };
}

function selectMasked(where: FilterSpec | undefined, input: BlockInput, types: ColumnTypes): Selection {
  const mask = maskOf(where, input, types, input.length <= blockRows ? masks : undefined);
  return mask && !matchesAll(mask) ? selectRows(mask, room) : undefined;
}

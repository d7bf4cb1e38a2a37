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

interface Standing {
  readonly where: string;
  readonly block: number;
  readonly columns: readonly (object | undefined)[];
  readonly live: Uint8Array | undefined;
  readonly rows: Selection;
  readonly room: Uint16Array;
}

/** Selections that stand at a time: views of a page ask of a block one after the other, each without its own filter. */
const maxStanding = 4;
const masks = new Uint8Array(blockRows);
const spare = new Uint16Array(blockRows);
let standing: readonly Standing[] = [];

/**
 * Selects the rows of blocks that match a filter and are live. A selection stands in memory used again and again: until
 * {@link maxStanding} others are made, and the same question of the same block finds it.
 */
export function selector(
  where: FilterSpec | undefined,
  types: ColumnTypes,
): (input: BlockInput) => Selection {
  const key = canonicalJson(where ?? null);
  const ids = where ? columnsOf(operandsOf(where)) : [];
  return (input) => {
    if (!where && !input.live) return undefined;
    const columns = ids.map((id) => input.pages?.[id] ?? input.columns[id]);
    const same = (one: Standing): boolean =>
      one.where === key &&
      one.block === input.block &&
      one.live === input.live &&
      one.columns.every((column, c) => column === columns[c]);
    // Without a column there is nothing to tell a block of one table from another's by.
    const isTold = columns.some((column) => column !== undefined);
    const found = isTold && standing.find(same);
    if (found) return found.rows;
    const room = isTold ? oldestRoom() : spare;
    const selected = selectRanges(where, input, room) ?? selectMasked(where, input, types, room);
    const rows = selected?.length === input.length ? undefined : selected;
    const made = { where: key, block: input.block, columns, live: input.live, rows, room };
    if (isTold) standing = [made, ...standing];
    return rows;
  };
}

/** Memory for one more selection: that of the oldest, which stands no longer. */
function oldestRoom(): Uint16Array {
  const oldest = standing[maxStanding - 1];
  standing = standing.slice(0, maxStanding - 1);
  return oldest?.room ?? new Uint16Array(blockRows);
}

function selectMasked(
  where: FilterSpec | undefined,
  input: BlockInput,
  types: ColumnTypes,
  room: Uint16Array,
): Selection {
  const mask = maskOf(where, input, types, input.length <= blockRows ? masks : undefined);
  return mask && !matchesAll(mask) ? selectRows(mask, room) : undefined;
}

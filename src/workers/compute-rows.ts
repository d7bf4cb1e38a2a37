import { concatColumns, takeRows } from '../arrow/build-column.ts';
import type { ColumnData } from '../arrow/column-data.ts';
import { encodeColumns } from '../arrow/columns-stream.ts';
import { rowColumn } from '../kernels/block.ts';
import { evaluate } from '../kernels/table/evaluate.ts';
import { type OrderedBlock, orderBlock } from '../kernels/table/order-page.ts';
import { matchingRows, windowRows } from '../kernels/table/window.ts';
import { blockRows, treeArity } from '../protocol/column.ts';
import { cancelled } from '../protocol/errors.ts';
import { groupBy } from '../protocol/group-by.ts';
import type { TopSpec } from '../protocol/kernel.ts';
import type { ComputeCalls } from '../protocol/messages.ts';
import type { ByteLru } from './byte-lru.ts';
import { blockInputs, blocksHere, type ColumnMemory, type ColumnRooms } from './column-memory.ts';
import { type Handlers, transferring } from './rpc.ts';
import { storedColumns } from './spec-columns.ts';

/** Rows in order: order pages are kept by block, revision, filter and order, so that scrolling sorts nothing. */
export function rowHandlers(
  memory: ColumnMemory,
  rooms: ColumnRooms,
  orders: ByteLru<OrderedBlock>,
  breathe: () => Promise<void>,
): Pick<Handlers<ComputeCalls>, 'order' | 'take'> {
  return {
    async order(ask, { signal }) {
      const loaded = await memory.load(ask.place, ask.pages);
      const orderKey = (block: number, revision: number) => `${ask.place}/${block}@${revision}~${ask.key}`;
      const ordered = new Map<number, OrderedBlock>();
      const unsorted = ask.blocks.filter(({ block, revision }) => {
        const kept = orders.get(orderKey(block, revision));
        if (kept) ordered.set(block, kept);
        return !kept;
      });
      const inputs = blockInputs(memory, { ...ask, blocks: unsorted }, storedColumns(ask.spec), loaded);
      if ('kind' in inputs) return inputs;
      for (const [i, input] of inputs.entries()) {
        if (i % treeArity === treeArity - 1) await breathe();
        if (signal.aborted) throw cancelled();
        const made = orderBlock(ask.spec, input);
        ordered.set(input.block, made);
        orders.set(orderKey(input.block, unsorted[i]!.revision), made, ownBytes(ask.spec, made));
      }
      const blocks = ask.blocks.map(({ block }) => ordered.get(block)!);
      const rows = windowRows(blocks, ask.offset, ask.limit);
      return transferring({ kind: 'rows', rows, matching: matchingRows(blocks) }, [rows.buffer]);
    },

    async take(ask) {
      const loaded = await memory.load(ask.place, ask.pages);
      const here = blocksHere(memory, ask, storedColumns(ask.spec), loaded);
      if ('kind' in here) return here;
      // What is taken of a column is copied before another one is read.
      const inputs = here.map((block) => block.open(rooms));
      const [only] = inputs;
      if (only && inputs.length === 1) {
        const positions = Int32Array.from(ask.rows, (row) => row - only.block * blockRows);
        const columns = ask.spec.take.map((operand) =>
          takeRows(evaluate(operand, only, ask.spec.columns), positions),
        );
        const bytes = encodeColumns(Object.fromEntries(columns.map((column, c) => [`t${c}`, column])));
        return transferring({ kind: 'taken', bytes }, [bytes.buffer]);
      }
      const byBlock = groupBy(ask.rows.keys(), (i) => Math.floor(ask.rows[i]! / blockRows));
      const parts: ColumnData[][] = ask.spec.take.map(() => []);
      const places = new Int32Array(ask.rows.length);
      let taken = 0;
      for (const input of inputs) {
        const mine = byBlock.get(input.block) ?? [];
        const positions = Int32Array.from(mine, (i) => ask.rows[i]! - input.block * blockRows);
        for (const [c, operand] of ask.spec.take.entries())
          parts[c]!.push(takeRows(evaluate(operand, input, ask.spec.columns), positions));
        for (const i of mine) places[i] = taken++;
      }
      const columns = Object.fromEntries(
        parts.map((column, c) => [`t${c}`, takeRows(concatColumns(column), places)]),
      );
      const bytes = encodeColumns(columns);
      return transferring({ kind: 'taken', bytes }, [bytes.buffer]);
    },
  };
}

/** What an order page takes beside columns that are counted themselves: keys of stored numbers are their columns' memory. */
function ownBytes({ order }: TopSpec, { positions, keys }: OrderedBlock): number {
  return keys.reduce((sum, { kind, words }, k) => {
    const operand = order[k]?.operand;
    const isStored = operand?.op === 'column' && operand.column !== rowColumn && kind !== 'rank';
    return isStored ? sum : sum + words.byteLength;
  }, positions.byteLength + 256);
}

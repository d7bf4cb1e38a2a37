import { byteSize, type ColumnData, withoutBuffer } from '../arrow/column-data.ts';
import { decodePage } from '../arrow/page.ts';
import type { BlockInput } from '../kernels/block.ts';
import { ExaError } from '../protocol/errors.ts';
import type {
  BlockPlace,
  ComputeInput,
  Needed,
  PageBytes,
  PageInFile,
  PageSource,
} from '../protocol/messages.ts';
import { liveColumn } from '../protocol/page.ts';
import type { ByteLru } from './byte-lru.ts';

/** A decoded column and the revision of the page it came from. */
export interface HeldColumn {
  readonly revision: number;
  readonly data: ColumnData;
}

/** Decoded columns of a compute worker, by slot, within its byte budget. */
export interface ColumnMemory {
  /** The column at exactly `revision`. */
  get(place: string, block: number, column: string, revision: number): ColumnData | undefined;
  put(place: string, block: number, column: string, held: HeldColumn): void;
  /** The column at whatever revision it is held. */
  any(place: string, block: number, column: string): HeldColumn | undefined;
  /**
   * Reads, decodes and (unless told not to) keeps pages; they are also returned, so that a budget smaller than a call's
   * pages does no harm. One that can not be read any more is left out: it is needed again then.
   */
  load(place: string, pages: readonly PageSource[], keep?: boolean): Promise<Map<string, HeldColumn>>;
}

/** Reads pages that lie in files and gives each that is as it was kept; its bytes stand until `give` returns. */
export type ReadFiles = (
  pages: readonly PageInFile[],
  give: (page: PageInFile, bytes: Uint8Array) => void,
) => Promise<void>;

export function columnMemory(lru: ByteLru<HeldColumn>, readFiles: ReadFiles): ColumnMemory {
  const slot = (place: string, block: number, column: string) => `${place}/${block}/${column}`;
  const put = (place: string, block: number, column: string, held: HeldColumn) =>
    lru.set(slot(place, block, column), held, byteSize(held.data));
  return {
    get(place, block, column, revision) {
      const held = lru.get(slot(place, block, column));
      return held?.revision === revision ? held.data : undefined;
    },
    any: (place, block, column) => lru.get(slot(place, block, column)),
    put,
    async load(place, pages, keep = true) {
      const loaded = new Map<string, HeldColumn>();
      const take = ({ block, column, revision }: PageSource, data: ColumnData) => {
        const held = { revision, data };
        loaded.set(slot(place, block, column), held);
        if (!keep) return;
        const before = lru.get(slot(place, block, column));
        if (!before || before.revision <= revision) put(place, block, column, held);
      };
      const [filed, brought] = apart(pages);
      for (const page of brought) take(page, decodePage(page.bytes));
      if (filed.length > 0)
        await readFiles(filed, (page, bytes) => take(page, withoutBuffer(decodePage(bytes), bytes.buffer)));
      return loaded;
    },
  };
}

function apart(pages: readonly PageSource[]): [PageInFile[], PageBytes[]] {
  const filed: PageInFile[] = [];
  const brought: PageBytes[] = [];
  for (const page of pages) {
    if ('file' in page) filed.push(page);
    else brought.push(page);
  }
  return [filed, brought];
}

/** Columns a block needs: those of the question, and `_live` where rows are deleted. */
export function columnsNeeded(columns: readonly string[], block: BlockPlace): string[] {
  return block.hasLive ? [...columns, liveColumn] : [...columns];
}

/**
 * The blocks of a call as kernels read them, all of them or what is lacking. A block that reads no column at all is
 * as long as its place says; any other as long as its columns.
 */
export function blockInputs(
  memory: ColumnMemory,
  ask: ComputeInput,
  columns: readonly string[],
  loaded: ReadonlyMap<string, HeldColumn>,
): BlockInput[] | Needed {
  const need: { block: number; column: string }[] = [];
  const inputs = ask.blocks.map((place): BlockInput => {
    const found: Record<string, ColumnData> = {};
    for (const column of columnsNeeded(columns, place)) {
      const fresh = loaded.get(`${ask.place}/${place.block}/${column}`);
      const data =
        fresh?.revision === place.revision
          ? fresh.data
          : memory.get(ask.place, place.block, column, place.revision);
      if (data) found[column] = data;
      else need.push({ block: place.block, column });
    }
    const { [liveColumn]: live, ...data } = found;
    const length = Object.values(found)[0]?.length ?? place.length;
    if (Object.values(found).some((other) => other.length !== length))
      throw new ExaError('corrupt', `The pages of block ${place.block} do not belong together.`, {
        facts: { block: place.block },
      });
    return {
      block: place.block,
      length,
      columns: data,
      live: live?.kind === 'bool' ? live.values : undefined,
    };
  });
  return need.length > 0 ? { kind: 'need', columns: need } : inputs;
}

import type { ColumnData } from '../arrow/column-data.ts';
import { type ColumnRoom, openPage, type Page, pageBytes } from '../arrow/packed-page.ts';
import type { BlockInput } from '../kernels/block.ts';
import { blockRows } from '../protocol/column.ts';
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

/** A page in memory and its revision. */
export interface HeldPage {
  readonly revision: number;
  readonly page: Page;
}

/** Columns of a compute worker, by slot, within its byte budget: packed until somebody reads them from here. */
export interface ColumnMemory {
  /** The column at exactly `revision`. */
  get(place: string, block: number, column: string, revision: number): ColumnData | undefined;
  put(place: string, block: number, column: string, held: HeldPage): void;
  /** The page at whatever revision it is held. */
  any(place: string, block: number, column: string): HeldPage | undefined;
  /**
   * Reads and (unless told not to) keeps pages; they are also returned, so that a budget smaller than a call's
   * pages does no harm. One that can not be read any more is left out: it is needed again then.
   */
  load(place: string, pages: readonly PageSource[], keep?: boolean): Promise<Map<string, HeldPage>>;
}

/** Reads pages that lie in files into memory from `room` and gives each that is as it was kept. */
export type ReadFiles = (
  pages: readonly PageInFile[],
  give: (page: PageInFile, bytes: Uint8Array) => void,
  room: (bytes: number) => Uint8Array,
) => Promise<void>;

export function columnMemory(lru: ByteLru<HeldPage>, readFiles: ReadFiles): ColumnMemory {
  const slot = (place: string, block: number, column: string) => `${place}/${block}/${column}`;
  const put = (place: string, block: number, column: string, held: HeldPage) =>
    lru.set(slot(place, block, column), held, pageBytes(held.page));
  return {
    get(place, block, column, revision) {
      const held = lru.get(slot(place, block, column));
      if (held?.revision !== revision) return undefined;
      const { page } = held;
      if (page.kind !== 'packed') return page;
      const data = page.unpack();
      put(place, block, column, { revision, page: data });
      return data;
    },
    any: (place, block, column) => lru.get(slot(place, block, column)),
    put,
    async load(place, pages, keep = true) {
      const loaded = new Map<string, HeldPage>();
      const take = ({ block, column, revision }: PageSource, bytes: Uint8Array) => {
        const held = { revision, page: openPage(bytes) };
        loaded.set(slot(place, block, column), held);
        if (!keep) return;
        const before = lru.get(slot(place, block, column));
        if (!before || before.revision <= revision) put(place, block, column, held);
      };
      const [filed, brought] = apart(pages);
      for (const page of brought) take(page, page.bytes);
      // Each into memory of its own, so that one that is dropped gives it back.
      if (filed.length > 0) await readFiles(filed, take, (bytes) => new Uint8Array(bytes));
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

/** A block that is here. */
export interface BlockHere {
  readonly block: number;
  /**
   * The block as kernels read it, each column when they first do. What is packed is laid into `rooms` where they are given,
   * and stands until another block is: for kernels that keep nothing of their input. Otherwise it is no longer packed after.
   */
  open(rooms?: ColumnRooms): BlockInput;
}

/** Rooms for one block's columns at a time, the same one for a column's next block. */
export interface ColumnRooms {
  /** Undefined where there are too many columns to keep a room for each. */
  of(column: string): ColumnRoom | undefined;
}

/** Rooms kept, of half a megabyte each: more columns than questions mostly name. */
const maxRooms = 24;

export function columnRooms(): ColumnRooms {
  const rooms = new Map<string, ColumnRoom>();
  return {
    of(column) {
      const known = rooms.get(column);
      if (known || rooms.size === maxRooms) return known;
      const room = { buffer: new ArrayBuffer(8 * blockRows) };
      rooms.set(column, room);
      return room;
    },
  };
}

/**
 * The blocks of a call, all of them or what is lacking. A block that reads no column at all is as long as its place
 * says; any other as long as its columns.
 */
export function blocksHere(
  memory: ColumnMemory,
  ask: ComputeInput,
  columns: readonly string[],
  loaded: ReadonlyMap<string, HeldPage>,
): BlockHere[] | Needed {
  const need: { block: number; column: string }[] = [];
  const here = ask.blocks.map((place): BlockHere => {
    const { block, revision } = place;
    const found = new Map<string, Page>();
    for (const column of columnsNeeded(columns, place)) {
      const fresh = loaded.get(`${ask.place}/${block}/${column}`);
      const held = fresh?.revision === revision ? fresh : memory.any(ask.place, block, column);
      if (held?.revision === revision) found.set(column, held.page);
      else need.push({ block, column });
    }
    const pages = [...found];
    const length = pages[0]?.[1].length ?? place.length;
    if (pages.some(([, page]) => page.length !== length))
      throw new ExaError('corrupt', `The pages of block ${block} do not belong together.`, {
        facts: { block },
      });
    const columnOf = (column: string, page: Page, rooms?: ColumnRooms): (() => ColumnData) => {
      if (page.kind !== 'packed') return () => page;
      const room = length <= blockRows ? rooms?.of(column) : undefined;
      if (room) return () => page.lend(room);
      let data: ColumnData | undefined;
      return () => {
        data ??= memory.get(ask.place, block, column, revision) ?? page.unpack();
        return data;
      };
    };
    const live = found.get(liveColumn);
    const own = pages.filter(([column]) => column !== liveColumn);
    return {
      block,
      open(rooms) {
        const columns: Record<string, ColumnData> = {};
        for (const [column, page] of own)
          Object.defineProperty(columns, column, {
            enumerable: true,
            get: columnOf(column, page, rooms),
          });
        return {
          block,
          length,
          columns,
          pages: Object.fromEntries(own),
          live: live?.kind === 'bool' ? live.values : undefined,
        };
      },
    };
  });
  return need.length > 0 ? { kind: 'need', columns: need } : here;
}

/** As {@link blocksHere}, open. */
export function blockInputs(
  memory: ColumnMemory,
  ask: ComputeInput,
  columns: readonly string[],
  loaded: ReadonlyMap<string, HeldPage>,
): BlockInput[] | Needed {
  const here = blocksHere(memory, ask, columns, loaded);
  return 'kind' in here ? here : here.map((block) => block.open());
}

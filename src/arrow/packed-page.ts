import { ExaError } from '../protocol/errors.ts';
import { byteSize, type ColumnData } from './column-data.ts';
import { fromArrow, isPacked } from './from-arrow.ts';
import { columnOf, openColumns } from './read-columns.ts';

/** A page in memory: as kernels read it, or as narrow as it is stored. */
export type Page = ColumnData | PackedPage;

/** A page whose values are unpacked when somebody reads them: memory touched for the first time costs more than widening. */
export interface PackedPage {
  readonly kind: 'packed';
  readonly length: number;
  readonly bytes: number;
  /** The column in memory of its own. */
  unpack(): ColumnData;
  /**
   * The column with its values in `room`, always the same object: what is remembered of it stays true. They are laid there
   * when they are read, and stand until those of another page are.
   */
  lend(room: ColumnRoom): ColumnData;
}

/** Memory for the values of one page at a time, eight bytes a row: touched once, and again by every page. */
export interface ColumnRoom {
  readonly buffer: ArrayBuffer;
  /** Whose values lie in it. */
  holder?: ColumnData;
}

/**
 * A page of which nothing is copied that can be a view of `bytes`, unless it would hold on to more of them than it needs.
 * Throws `corrupt` when they are not a page.
 */
export function openPage(bytes: Uint8Array): Page {
  const column = openColumns(bytes).find(({ name }) => name === 'v');
  const [part, more] = column?.parts ?? [];
  if (!column || !part) throw new ExaError('corrupt', 'The bytes received are not a page.');
  const { field, data } = part;
  if (more || !isPacked(field, data)) return withoutTexts(columnOf(column), bytes);
  let lent: ColumnData | undefined;
  let lentBy: ColumnRoom | undefined;
  return {
    kind: 'packed',
    length: data.length,
    bytes: data.values.byteLength + (data.nullBitmap?.byteLength ?? 0),
    unpack() {
      const whole = fromArrow(field, data);
      return { ...whole, validity: whole.validity?.slice() };
    },
    lend(room) {
      if (!lent || lentBy !== room) lent = lentColumn(room, () => fromArrow(field, data, room.buffer));
      lentBy = room;
      return lent;
    },
  };
}

/** The column that `lay` makes in the room's memory, which lays its values there whenever others do. */
function lentColumn(room: ColumnRoom, lay: () => ColumnData): ColumnData {
  const { values, ...whole } = lay() as Exclude<ColumnData, { kind: 'text' }>;
  const lent = {
    ...whole,
    get values() {
      if (room.holder !== lent) lay();
      room.holder = lent;
      return values;
    },
  } as ColumnData;
  room.holder = lent;
  return lent;
}

/** A column of texts without a hold on the bytes of its dictionary. */
function withoutTexts(data: ColumnData, { buffer }: Uint8Array): ColumnData {
  if (data.kind !== 'text') return data;
  const codes = data.codes.buffer === buffer ? data.codes.slice() : data.codes;
  return { ...data, validity: data.validity?.slice(), codes };
}

export function unpacked(page: Page): ColumnData {
  return page.kind === 'packed' ? page.unpack() : page;
}

/** Bytes a page takes in memory, for byte budgets. */
export function pageBytes(page: Page): number {
  return page.kind === 'packed' ? page.bytes : byteSize(page);
}

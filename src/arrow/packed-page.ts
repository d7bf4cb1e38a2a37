import { Type } from 'apache-arrow/enum';
import { ExaError } from '../protocol/errors.ts';
import { byteSize, type ColumnData } from './column-data.ts';
import { type ArrowData, type ArrowField, fromArrow, isPacked } from './from-arrow.ts';
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
   * The column with its values in `room`, always the same object: what is remembered of it stays true. They stand until those
   * of another page are lent it.
   */
  lend(room: ColumnRoom): ColumnData;
}

/** Memory for the values of one page at a time, eight bytes a row: touched once, and again by every page. */
export interface ColumnRoom {
  readonly buffer: ArrayBuffer;
  /** Whose values lie in it. */
  holder?: PackedPage;
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
  if (data.typeId === Type.Dictionary) return packedTexts(field, data);
  const size = data.values.byteLength + (data.nullBitmap?.byteLength ?? 0);
  return packedPage(data.length, size, (room) => {
    const whole = fromArrow(field, data, room);
    return room ? whole : { ...whole, validity: whole.validity?.slice() };
  });
}

/** Texts with narrow codes, without a hold on the bytes they were read from. */
function packedTexts(field: ArrowField, data: ArrowData): PackedPage {
  const { length } = data;
  const texts = withoutTexts(fromArrow(field, { ...data, values: new Int32Array(0) }), data.values);
  const narrow = (data.values as Int8Array | Int16Array).slice(0, length);
  return packedPage(length, narrow.byteLength + byteSize(texts), (room) => {
    const codes = room ? new Int32Array(room, 0, length) : new Int32Array(length);
    codes.set(narrow);
    return { ...texts, codes } as ColumnData;
  });
}

/** `lay` makes the column, its values in the room where one is given. */
function packedPage(length: number, bytes: number, lay: (room?: ArrayBuffer) => ColumnData): PackedPage {
  let lent: ColumnData | undefined;
  let lentBy: ColumnRoom | undefined;
  const page: PackedPage = {
    kind: 'packed',
    length,
    bytes,
    unpack: () => lay(),
    lend(room) {
      if (lent && lentBy === room && room.holder === page) return lent;
      const laid = lay(room.buffer);
      if (!lent || lentBy !== room) lent = laid;
      lentBy = room;
      room.holder = page;
      return lent;
    },
  };
  return page;
}

/** A column of texts without a hold on the bytes of its dictionary. */
function withoutTexts(data: ColumnData, { buffer }: ArrayBufferView): ColumnData {
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

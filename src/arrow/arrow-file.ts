import {
  type Data,
  Field,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
  Utf8,
} from 'apache-arrow';
import { countUnset } from './bitmap.ts';
import type { ColumnData } from './column-data.ts';
import { toArrow } from './to-arrow.ts';
import { encodeTexts } from './utf8.ts';

/** Writes an Arrow IPC file batch by batch, in standard types; texts are plain UTF-8, so that any reader takes it. */
export interface ArrowFile {
  append(columns: readonly ColumnData[]): void;
  finish(): void;
  /** The bytes that are ready. */
  drain(): Promise<readonly Uint8Array[]>;
}

/** `like`: columns without rows, one a name. */
export function arrowFile(names: readonly string[], like: readonly ColumnData[]): ArrowFile {
  const schema = new Schema(names.map((name, i) => arrowOf(name, like[i]!).field));
  const writer = new RecordBatchFileWriter({ autoDestroy: false });
  const parts: Uint8Array[] = [];
  const pumping = (async () => {
    for await (const part of writer) parts.push(part);
  })();
  writer.reset(undefined, schema);
  let isFinished = false;
  return {
    append(columns) {
      const length = columns[0]?.length ?? 0;
      if (length === 0) return;
      const children = columns.map((column, i) => arrowOf(names[i]!, column).data);
      const struct = makeData({ type: new Struct(schema.fields), length, nullCount: 0, children });
      writer.write(new RecordBatch(schema, struct));
    },
    finish() {
      isFinished = true;
      writer.finish();
      writer.close();
    },
    async drain() {
      if (isFinished) await pumping;
      else await new Promise((resolve) => setTimeout(resolve));
      return parts.splice(0);
    },
  };
}

function arrowOf(name: string, column: ColumnData): { field: Field; data: Data } {
  if (column.kind !== 'text') return toArrow(name, column);
  const { length, validity, codes, dictionary } = column;
  const texts = Array.from(codes, (code) => dictionary[code] ?? '');
  const { offsets, bytes } = encodeTexts(texts);
  const nulls = validity
    ? { nullBitmap: validity, nullCount: countUnset(validity, length) }
    : { nullCount: 0 };
  return {
    field: new Field(name, new Utf8(), true),
    data: makeData({ type: new Utf8(), length, ...nulls, valueOffsets: offsets, data: bytes }),
  };
}

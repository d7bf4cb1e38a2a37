import { RecordBatch, RecordBatchStreamWriter, tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryColumn, columnTypes } from './arbitrary-column.testing.ts';
import { type Columns, encodeColumns } from './columns-stream.ts';

const arbitraryColumns: fc.Arbitrary<Columns> = fc
  .tuple(
    fc.nat(300),
    fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 6 }), { maxLength: 6 }),
  )
  .chain(([rows, names]) =>
    fc
      .tuple(
        ...names.map(() =>
          fc.oneof(...columnTypes.map((type) => arbitraryColumn(type, { minLength: rows, maxLength: rows }))),
        ),
      )
      .map((columns) => Object.fromEntries(names.map((name, i) => [name, columns[i]!]))),
  );

it('writes byte for byte what the library writes of what it read there, in both forms', () => {
  fc.assert(
    fc.property(arbitraryColumns, fc.constantFrom('packed', 'standard'), (columns, form) => {
      const bytes = encodeColumns(columns, { form });
      const { schema, batches } = tableFromIPC(bytes);
      const writer = new RecordBatchStreamWriter();
      // It makes no batch of no rows.
      fc.pre(batches.length === 1);
      writer.write(new RecordBatch(schema, batches[0]!.data));
      writer.finish();
      expect(bytes).toEqual(writer.toUint8Array(true));
      expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
    }),
  );
});

import { RecordBatch, RecordBatchStreamWriter, tableFromIPC } from 'apache-arrow';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arbitraryColumns } from './arbitrary-column.testing.ts';
import { encodeColumns } from './columns-stream.ts';

it('writes byte for byte what the library writes of what it read there, in both forms', () => {
  fc.assert(
    fc.property(
      arbitraryColumns({ maxRows: 300 }),
      fc.constantFrom('packed', 'standard'),
      (columns, form) => {
        const bytes = encodeColumns(columns, { form });
        const { schema, batches } = tableFromIPC(bytes);
        const writer = new RecordBatchStreamWriter();
        // It makes no batch of no rows.
        fc.pre(batches.length === 1);
        writer.write(new RecordBatch(schema, batches[0]!.data));
        writer.finish();
        expect(bytes).toEqual(writer.toUint8Array(true));
        expect(bytes.byteLength).toBe(bytes.buffer.byteLength);
      },
    ),
  );
});

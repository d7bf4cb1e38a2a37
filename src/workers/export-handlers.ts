import { batchColumns, type Encoder, type FileColumn, fileColumns, openEncoder } from '../export/encoder.ts';
import { ExaError } from '../protocol/errors.ts';
import type { EncodeCalls } from '../protocol/export.ts';
import { type Handlers, transferring } from './rpc.ts';

/** What an export worker does: one file, batch by batch. */
export function exportHandlers(): Handlers<EncodeCalls> {
  let opened: { readonly encoder: Encoder; readonly columns: readonly FileColumn[] } | undefined;
  const open = () => {
    if (!opened) throw new ExaError('broken', 'No file was begun.');
    return opened;
  };
  return {
    async open({ format, columns: asked, empty, sheet }) {
      const columns = fileColumns(empty, asked);
      opened = { columns, encoder: await openEncoder(format, { columns, sheet }) };
      return undefined;
    },
    async append({ bytes: table }) {
      const { encoder, columns } = open();
      const batch = batchColumns(table, columns);
      const bytes = await encoder.append(batch);
      return transferring({ bytes, rows: batch[0]?.length ?? 0 }, [bytes.buffer]);
    },
    async finish() {
      const { encoder } = open();
      const bytes = await encoder.finish();
      return transferring({ bytes, cut: encoder.cut }, [bytes.buffer]);
    },
  };
}

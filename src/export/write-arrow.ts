import { arrowFile } from '../arrow/arrow-file.ts';
import { joined } from '../arrow/joined.ts';
import type { Encoder, EncoderOptions } from './encoder.ts';

/** An Arrow IPC file, a record batch a batch. */
export function arrowEncoder({ columns }: EncoderOptions): Encoder {
  const file = arrowFile(
    columns.map(({ name }) => name),
    columns.map(({ like }) => like),
  );
  return {
    cut: 0,
    async append(batch) {
      file.append(batch);
      return joined(await file.drain());
    },
    async finish() {
      file.finish();
      return joined(await file.drain());
    },
  };
}

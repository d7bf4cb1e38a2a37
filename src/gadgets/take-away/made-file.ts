import { msg } from '@lit/localize';
import { joined } from '../../arrow/joined.ts';
import type { DataClient } from '../../protocol/client.ts';
import { ExaError } from '../../protocol/errors.ts';
import { exportFormats } from '../../protocol/export.ts';
import { fileName } from './file-name.ts';
import { mimes } from './menu-actions.ts';
import type { TakeAway } from './take-away.ts';

/** A file in memory, as a host is given it. */
export interface MadeFile {
  readonly name: string;
  readonly type: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** Longest file made in memory; people save longer ones from the card's menu, which writes as it goes. */
const maxBytes = 256 * 2 ** 20;

/**
 * What a card offers, as a file of `format` (`csv`, `xlsx`, `parquet`, `arrow`). Rejects `invalid` for another format, `missing` while
 * there is nothing, `quota` past 256 MiB.
 */
export async function makeFile(
  offer: TakeAway | undefined,
  client: DataClient | undefined,
  asked: unknown,
): Promise<MadeFile> {
  const format = exportFormats.find((one) => one === asked);
  if (!format)
    throw new ExaError(
      'invalid',
      `A file is one of ${exportFormats.join(', ')}, not “${String(asked).slice(0, 40)}”.`,
    );
  if (!offer?.data || !client) throw new ExaError('missing', msg('There is nothing to download here yet.'));
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let length = 0;
  const { coverage } = await client.export(offer.data, {
    format,
    chunk(bytes) {
      length += bytes.byteLength;
      if (length > maxBytes)
        throw new ExaError('quota', 'The file is longer than 256 MiB: save it from the menu of the card.');
      pieces.push(bytes.slice());
    },
  });
  return { name: fileName(offer.title, format, coverage), type: mimes[format], bytes: joined(pieces) };
}

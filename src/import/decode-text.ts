import { ExaError } from '../protocol/errors.ts';
import type { Encoding } from './detect.ts';

/** Thrown (as the `cause` of nothing: caught by the importer) when bytes read as UTF-8 are not. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

/**
 * Text of `chunks`. A byte order mark is dropped. With `utf-8`, throws {@link NotUtf8} at the first byte that is not;
 * in every encoding throws `invalid` at a NUL character, which no text file holds.
 */
export async function* decodeText(
  name: string,
  chunks: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncIterable<string> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  const decode = (chunk?: Uint8Array) => {
    try {
      return chunk ? decoder.decode(chunk, { stream: true }) : decoder.decode();
    } catch (cause) {
      throw new NotUtf8('The bytes are not UTF-8.', { cause });
    }
  };
  const check = (text: string) => {
    if (text.includes('\0'))
      throw new ExaError('invalid', `The file ${name} is not text: it holds NUL characters.`);
    return text;
  };
  for await (const chunk of chunks) {
    const text = decode(chunk);
    if (text) yield check(text);
  }
  const rest = decode();
  if (rest) yield check(rest);
}

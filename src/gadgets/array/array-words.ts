import { msg, str } from '@lit/localize';
import type { ArrayHead } from '../../protocol/array.ts';
import type { Formats } from '../format.ts';

/** What is written of an array: bytes on disk and chunks. */
export function writtenWords({ chunks, bytes }: ArrayHead, formats: Formats): string {
  return chunks === 0
    ? msg('nothing written yet')
    : msg(str`${formats.bytes(bytes)} written in ${formats.number(chunks)} chunks`);
}

/** Whether an array is looked at as lines, a map, or one value. */
export function pictureOf(shape: readonly string[]): 'lines' | 'map' | 'value' {
  if (shape.length === 0) return 'value';
  return shape.length === 1 || BigInt(shape[shape.length - 1]!) <= 16n ? 'lines' : 'map';
}

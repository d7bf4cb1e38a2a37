import type { Dtype } from '../protocol/array.ts';
import { decodeElements, encodeElements } from './elements-page.ts';

/** What stands before and after the elements of a chunk on the wire: the same for every chunk of a type and a length. */
interface Frame {
  readonly dtype: Dtype;
  /** Bytes of the elements. */
  readonly length: number;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
}

/** Frames kept: a few arrays at a time are read. */
const mostFrames = 16;
/** Newest last. */
const frames: Frame[] = [];

function keep(frame: Frame): Frame {
  frames.push(frame);
  if (frames.length > mostFrames) frames.shift();
  return frame;
}

function frameOf(body: Uint8Array, dtype: Dtype, elements: Uint8Array): Frame {
  const start = elements.byteOffset - body.byteOffset;
  return keep({
    dtype,
    length: elements.length,
    before: body.slice(0, start),
    after: body.slice(start + elements.length),
  });
}

/**
 * A chunk's page to be, as `encodeElements` makes it, and where its elements go: `length` bytes of `dtype`. Nothing need be
 * copied when they are read right there. `lend` may give the room.
 */
export function framedElements(
  dtype: Dtype,
  length: number,
  zeros: () => ArrayBufferView & { readonly length: number },
  lend?: (bytes: number) => Uint8Array<ArrayBuffer> | undefined,
): { readonly body: Uint8Array<ArrayBuffer>; readonly elements: Uint8Array<ArrayBuffer> } {
  let frame = frames.find((one) => one.dtype === dtype && one.length === length);
  if (!frame) {
    const page = encodeElements(dtype, zeros());
    frame = frameOf(page, dtype, decodeElements(page).bytes);
  }
  const { before, after } = frame;
  const bytes = before.length + length + after.length;
  const body = lend?.(bytes) ?? new Uint8Array(bytes);
  body.set(before);
  body.set(after, before.length + length);
  return { body, elements: body.subarray(before.length, before.length + length) };
}

/** As `decodeElements`, at the cost of a comparison where a chunk of its type and length was read before. */
export function elementsIn(page: Uint8Array): { readonly dtype: Dtype; readonly bytes: Uint8Array } {
  const known = page.byteOffset % 8 === 0 ? frames.find((frame) => isFramed(page, frame)) : undefined;
  if (known) {
    const { dtype, before, length } = known;
    return { dtype, bytes: page.subarray(before.length, before.length + length) };
  }
  const { dtype, bytes } = decodeElements(page);
  if (bytes.buffer === page.buffer) frameOf(page, dtype, bytes);
  return { dtype, bytes };
}

function isFramed(page: Uint8Array, { before, length, after }: Frame): boolean {
  return (
    page.length === before.length + length + after.length &&
    begins(page, before, 0) &&
    begins(page, after, before.length + length)
  );
}

function begins(page: Uint8Array, bytes: Uint8Array, at: number): boolean {
  for (let i = 0; i < bytes.length; i++) if (page[at + i] !== bytes[i]) return false;
  return true;
}

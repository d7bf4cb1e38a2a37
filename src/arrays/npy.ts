import type { Dtype, MemoryOrder } from '../protocol/array.ts';
import { ExaError } from '../protocol/errors.ts';
import { copyElements } from './copy-elements.ts';
import type { DenseArray } from './dense.ts';
import { bytesOf, itemSize, makeValues, parseDtype, type Values, valuesOf } from './dtype.ts';
import { chunkVolume, maxRank, stridesOf } from './shape.ts';

/** Media type of `.npy` bodies. */
export const npyType = 'application/x-npy';

/** What a `.npy` header says; its elements begin at `offset`. */
export interface NpyHeader {
  readonly dtype: Dtype;
  readonly big: boolean;
  readonly order: MemoryOrder;
  readonly shape: readonly number[];
  readonly offset: number;
}

/** NumPy's array-protocol type string, as in `.zarray` and `.npy`: `<f8`, `|b1`, `>M8[ns]`. Throws `invalid`. */
export function dtypeOfNumpy(value: unknown): { readonly dtype: Dtype; readonly big: boolean } {
  const match = typeof value === 'string' ? /^([<>|=]?)([a-zA-Z])(\d+)(\[\w+\])?$/.exec(value) : null;
  const words: Readonly<Record<string, string>> = { i: 'int', u: 'uint', f: 'float' };
  const [, order, kind = '', size = '', unit = ''] = match ?? [];
  const name =
    kind === 'b' && size === '1'
      ? 'bool'
      : kind === 'M'
        ? `datetime64${unit}`
        : `${words[kind] ?? '?'}${Number(size) * 8}`;
  if (!match || name.startsWith('?'))
    throw new ExaError(
      'invalid',
      `Elements of type ${JSON.stringify(value)} are not read here: numbers, booleans and times are.`,
    );
  return { dtype: parseDtype(name), big: order === '>' };
}

/** The array-protocol type string of an element type, little-endian. */
export function numpyOfDtype(dtype: Dtype): string {
  const size = itemSize(dtype);
  if (dtype === 'bool') return '|b1';
  if (dtype.startsWith('datetime64')) return `<M8${dtype.slice('datetime64'.length)}`;
  const kind = dtype.startsWith('float') ? 'f' : dtype.startsWith('uint') ? 'u' : 'i';
  return `${size === 1 ? '|' : '<'}${kind}${size}`;
}

/** Reads a `.npy` header (NumPy's NEP 1, versions 1 to 3) from a file's first bytes. Throws `invalid` or `corrupt`. */
export function parseNpyHeader(bytes: Uint8Array): NpyHeader {
  const magic = String.fromCharCode(...bytes.subarray(1, 6));
  if (bytes[0] !== 0x93 || magic !== 'NUMPY')
    throw new ExaError('invalid', 'This is not a .npy file: it does not begin with NumPy’s mark.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = (bytes[6] ?? 0) >= 2;
  const start = wide ? 12 : 10;
  if (bytes.length < start) throw cut();
  const offset = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  if (bytes.length < offset) throw cut();
  const text = new TextDecoder('latin1').decode(bytes.subarray(start, offset));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([^)]*)\)/.exec(text)?.[1];
  if (descr === undefined && /'descr'\s*:\s*\[/.test(text))
    throw new ExaError('invalid', 'The .npy file holds records of several fields: give one field a file.');
  const shape = sizes
    ?.split(',')
    .map((size) => size.trim())
    .filter((size) => size !== '')
    .map(Number);
  if (descr === undefined || fortran === undefined || !shape || shape.length > maxRank)
    throw new ExaError('corrupt', 'The header of the .npy file could not be read.');
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0))
    throw new ExaError('corrupt', 'The header of the .npy file gives a shape that is none.');
  return { ...dtypeOfNumpy(descr), order: fortran === 'True' ? 'F' : 'C', shape, offset };
}

function cut(): ExaError {
  return new ExaError('corrupt', 'The .npy file ends within its header: it was cut short.');
}

/** Elements of a `.npy` body in machine order; `bytes` are those after the header. Throws `corrupt` on a wrong length. */
export function npyValues({ dtype, big }: NpyHeader, bytes: Uint8Array): Values {
  const size = itemSize(dtype);
  if (!big || size === 1) return valuesOf(dtype, bytes);
  const swapped = bytes.slice();
  for (let at = 0; at < swapped.length; at += size) swapped.subarray(at, at + size).reverse();
  return valuesOf(dtype, swapped);
}

/** A whole `.npy` file, in C order. Throws `corrupt` when it is cut short or too long. */
export function decodeNpy(bytes: Uint8Array): DenseArray {
  const header = parseNpyHeader(bytes);
  const { dtype, shape, order, offset } = header;
  const expected = chunkVolume(shape) * itemSize(dtype);
  const body = bytes.subarray(offset);
  if (body.length !== expected)
    throw new ExaError(
      'corrupt',
      `The .npy file has ${body.length} bytes of elements where its shape takes ${expected}: it was cut short or damaged.`,
    );
  const values = npyValues(header, body);
  return inCOrder({ dtype, shape, order, values });
}

/** The same array with its last axis fastest. */
export function inCOrder(array: DenseArray): DenseArray {
  const { dtype, shape, order, values } = array;
  if (order === 'C' || shape.length < 2) return { ...array, order: 'C' };
  const target = makeValues(dtype, values.length);
  copyElements(
    shape,
    { values, strides: stridesOf(shape, 'F') },
    { values: target, strides: stridesOf(shape, 'C') },
  );
  return { dtype, shape, order: 'C', values: target };
}

/** A `.npy` file, version 1, its elements aligned to 64 bytes. */
export function encodeNpy({ dtype, shape, order, values }: DenseArray): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${numpyOfDtype(dtype)}', 'fortran_order': ${order === 'F' ? 'True' : 'False'}, 'shape': (${sizes}), }`;
  const offset = Math.ceil((10 + text.length + 1) / 64) * 64;
  const body = bytesOf(values);
  const bytes = new Uint8Array(offset + body.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, offset - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(offset - 11)}\n`), 10);
  bytes.set(body, offset);
  return bytes;
}

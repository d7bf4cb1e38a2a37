import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { dtypes } from '../protocol/array.ts';
import { makeValues, setLiteral } from './dtype.ts';
import { decodeNpy, encodeNpy } from './npy.ts';

const python = ['/usr/bin/python3', 'python3'].find((one) => {
  try {
    execFileSync(one, ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
});
if (!python)
  console.warn('SKIPPED: there is no Python with NumPy, so nothing proves our .npy files by its hand.');

describe('.npy', () => {
  it.each(dtypes)('%s comes back as it went out', (dtype) => {
    const values = makeValues(dtype, 6);
    for (let i = 0; i < 6; i++) setLiteral(dtype, values, i, dtype === 'bool' ? i % 2 === 0 : i);
    const array = { dtype, shape: [2, 3], order: 'C', values } as const;
    expect(decodeNpy(encodeNpy(array))).toEqual(array);
  });

  it.skipIf(!python)('is what NumPy reads and writes, in both byte orders and memory orders', () => {
    const values = Float64Array.from({ length: 6 }, (_, i) => i / 4);
    const bytes = encodeNpy({ dtype: 'float64', shape: [2, 3], order: 'C', values });
    const script = `
import sys, io, numpy as np
a = np.load(io.BytesIO(sys.stdin.buffer.read()))
assert a.dtype == np.float64 and a.shape == (2, 3) and a[1, 2] == 1.25
out = io.BytesIO(); np.save(out, np.asfortranarray(a.astype('>f4'))); sys.stdout.buffer.write(out.getvalue())`;
    const back = decodeNpy(new Uint8Array(execFileSync(python!, ['-c', script], { input: bytes })));
    expect(back).toEqual({ dtype: 'float32', shape: [2, 3], order: 'C', values: Float32Array.from(values) });
  });

  const text = new TextEncoder();
  const made = (header: string) => {
    const bytes = new Uint8Array(10 + header.length);
    bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]);
    bytes.set(text.encode(header), 10);
    return bytes;
  };
  const whole = encodeNpy({ dtype: 'int8', shape: [4], order: 'C', values: new Int8Array(4) });
  it.each<[string, Uint8Array, RegExp]>([
    ['no .npy', text.encode('hello'), /not a .npy file/],
    ['cut in its header', whole.subarray(0, 40), /ends within its header/],
    [
      'cut in its elements',
      whole.subarray(0, whole.length - 1),
      /has 3 bytes of elements where its shape takes 4/,
    ],
    [
      'records',
      made("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }"),
      /records of several fields/,
    ],
    [
      'complex',
      made("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }"),
      /Elements of type "<c16" are not read here/,
    ],
    [
      'a negative shape',
      made("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }"),
      /a shape that is none/,
    ],
    [
      'no shape',
      made("{'descr': '<f8', 'fortran_order': False}"),
      /header of the .npy file could not be read/,
    ],
  ])('%s: one sentence', (_, bytes, sentence) => {
    expect(() => decodeNpy(bytes)).toThrow(sentence);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { MemoryOrder } from '../protocol/array.ts';
import { countChunks, planChunks, type Steps, stepAt } from './chunk-plan.ts';
import { gather, scatter } from './copy-elements.ts';
import { denseOf, resultStrides } from './dense.ts';
import { type Index, resolveSelection } from './selection.ts';
import { chunkVolume, gridSize, maxAxis, stridesOf } from './shape.ts';

/** Positions an index takes along an axis, by counting through them as Python's manual words it. */
function oraclePositions(index: Index, size: number): number[] {
  if (index.kind === 'at') return [Number(index.at) < 0 ? Number(index.at) + size : Number(index.at)];
  if (index.kind === 'list') return index.at.map((at) => (Number(at) < 0 ? Number(at) + size : Number(at)));
  if (index.kind === 'mask') return index.mask.flatMap((chosen, i) => (chosen ? [i] : []));
  if (index.kind !== 'slice') throw new Error('no axis');
  const step = Number(index.step ?? 1n);
  const read = (value: bigint | undefined, otherwise: number) =>
    value === undefined ? otherwise : Number(value) < 0 ? Number(value) + size : Number(value);
  const taken: number[] = [];
  if (step > 0) {
    const stop = read(index.stop, size);
    for (let i = Math.max(0, read(index.start, 0)); i < stop && i < size; i += step) taken.push(i);
  } else {
    const stop = index.stop === undefined ? -1 : Math.max(-1, read(index.stop, -1));
    for (let i = Math.min(size - 1, read(index.start, size - 1)); i > stop; i += step) taken.push(i);
  }
  return taken;
}

const slice = (size: number): fc.Arbitrary<Index> =>
  fc
    .record({
      start: fc.option(fc.integer({ min: -size - 2, max: size + 2 }), { nil: undefined }),
      stop: fc.option(fc.integer({ min: -size - 2, max: size + 2 }), { nil: undefined }),
      step: fc.option(
        fc.integer({ min: -4, max: 5 }).filter((step) => step !== 0),
        { nil: undefined },
      ),
    })
    .map(({ start, stop, step }) => ({
      kind: 'slice',
      start: start === undefined ? undefined : BigInt(start),
      stop: stop === undefined ? undefined : BigInt(stop),
      step: step === undefined ? undefined : BigInt(step),
    }));
const at = (size: number): fc.Arbitrary<Index> =>
  fc.integer({ min: -size, max: size - 1 }).map((i) => ({ kind: 'at', at: BigInt(i) }));
const list = (size: number): fc.Arbitrary<Index> =>
  fc
    .array(fc.integer({ min: -size, max: size - 1 }), { maxLength: 6 })
    .map((places) => ({ kind: 'list', at: places.map(BigInt) }));
const mask = (size: number): fc.Arbitrary<Index> =>
  fc
    .array(fc.boolean(), { minLength: size, maxLength: size })
    .map((chosen) => ({ kind: 'mask', mask: chosen }));

const scenario = fc
  .record({
    shape: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 3 }),
    chosen: fc.nat(3),
    order: fc.constantFrom<MemoryOrder>('C', 'F'),
    resultOrder: fc.constantFrom<MemoryOrder>('C', 'F'),
  })
  .chain(({ shape, chosen, order, resultOrder }) =>
    fc.record({
      shape: fc.constant(shape),
      order: fc.constant(order),
      resultOrder: fc.constant(resultOrder),
      chunk: fc.tuple(...shape.map((size) => fc.integer({ min: 1, max: size + 2 }))),
      // At most one axis by list or mask.
      indices: fc.tuple(
        ...shape.map((size, axis) =>
          axis === chosen % shape.length
            ? fc.oneof(slice(size), at(size), list(size), mask(size))
            : fc.oneof(slice(size), at(size)),
        ),
      ),
      fresh: fc.nat(shape.length),
    }),
  );

function listed(steps: Steps, length: number): number[] {
  return Array.from({ length }, (_, i) => stepAt(steps, i));
}

/** Where each axis begins in the huge array, so that the same test runs at both ends of 2^63. */
function offsetsOf(shape: readonly number[], chunk: readonly number[], far: boolean): bigint[] {
  return shape.map((size, axis) =>
    far ? ((maxAxis - BigInt(size)) / BigInt(chunk[axis]!)) * BigInt(chunk[axis]!) : 0n,
  );
}

function shifted(index: Index, by: bigint, size: number): Index {
  if (
    index.kind === 'slice' ||
    index.kind === 'newaxis' ||
    index.kind === 'ellipsis' ||
    index.kind === 'mask'
  )
    return { kind: 'list', at: oraclePositions(index, size).map((place) => by + BigInt(place)) };
  if (index.kind === 'at') return { kind: 'at', at: by + BigInt(oraclePositions(index, size)[0]!) };
  return { kind: 'list', at: oraclePositions(index, size).map((place) => by + BigInt(place)) };
}

describe('a selection through chunks', () => {
  it('is what a dense array gives, in either order, and scatters back', () => {
    fc.assert(
      fc.property(scenario, ({ shape, chunk, order, resultOrder, indices, fresh }) => {
        const withNew: Index[] = [...indices];
        withNew.splice(fresh, 0, { kind: 'newaxis' });
        const selection = resolveSelection(withNew, shape.map(BigInt));
        const zero = new Float64Array(1);
        const result = denseOf('float64', selection.shape, zero, { order: resultOrder });
        const strides = resultStrides(selection, result);
        const parts = [...planChunks(selection, chunk)];
        const chunkStrides = stridesOf(chunk, order);
        const weights = stridesOf(shape, 'C');
        const chunks = new Map<string, Float64Array<ArrayBuffer>>();
        const chunkAt = (place: readonly number[]) => {
          const found = chunks.get(place.join());
          if (found) return found;
          const values = new Float64Array(chunkVolume(chunk)).fill(-1);
          fill(values, chunkStrides, chunk, (inside) =>
            inside.reduce((sum, i, axis) => sum + (place[axis]! * chunk[axis]! + i) * weights[axis]!, 0),
          );
          chunks.set(place.join(), values);
          return values;
        };
        for (const part of parts)
          gather(
            part,
            { values: chunkAt(part.chunk), strides: chunkStrides },
            { values: result.values, strides },
          );
        const positions = indices.map((index, axis) => oraclePositions(index, shape[axis]!));
        const sizes = positions.map((places) => places.length);
        expect(selection.shape.map(Number)).toEqual(
          withNew.flatMap((index) => {
            if (index.kind === 'newaxis') return [1];
            if (index.kind === 'at') return [];
            return [sizes[indices.indexOf(index)]!];
          }),
        );
        const expected = new Float64Array(sizes.reduce((product, size) => product * size, 1));
        fill(expected, strides, sizes, (inside) =>
          inside.reduce((sum, i, axis) => sum + positions[axis]![i]! * weights[axis]!, 0),
        );
        expect(result.values).toEqual(expected);
        expect(countChunks(selection, chunk)).toBe(
          BigInt(new Set(parts.map((part) => part.chunk.join())).size),
        );

        // Back into empty chunks: exactly the selected elements are there, and nothing else.
        const back = new Map<string, Float64Array<ArrayBuffer>>();
        for (const part of parts) {
          const values = new Float64Array(chunkVolume(chunk)).fill(-1);
          scatter(part, { values: result.values, strides }, { values, strides: chunkStrides });
          back.set(part.chunk.join(), values);
        }
        let written = 0;
        for (const [place, values] of back)
          values.forEach((value, i) => {
            if (value === -1) return;
            written++;
            expect(value).toBe(chunks.get(place)![i]);
          });
        const distinct = positions.reduce((product, places) => product * new Set(places).size, 1);
        expect(written).toBe(distinct);
      }),
      { numRuns: 400 },
    );
  });

  it('is the same at the far end of axes of 2^63 − 1', () => {
    fc.assert(
      fc.property(scenario, ({ shape, chunk: small, indices }) => {
        // A grid of less than 2^53 chunks an axis needs chunks of 2^10 and more there.
        const chunk = small.map((size) => size + 2048);
        const by = offsetsOf(shape, chunk, true);
        const lists = indices.filter((index) => index.kind !== 'at').length;
        if (lists > 1) return;
        const far = resolveSelection(
          indices.map((index, axis) => shifted(index, by[axis]!, shape[axis]!)),
          shape.map(() => maxAxis),
        );
        const near = resolveSelection(indices, shape.map(BigInt));
        const farParts = [...planChunks(far, chunk)];
        const nearParts = [...planChunks(near, chunk)];
        expect(
          farParts.map((part) =>
            part.spans.map(({ length, offsets, places }) => [
              ...listed(offsets, length),
              ...listed(places, length),
            ]),
          ),
        ).toEqual(
          nearParts.map((part) =>
            part.spans.map(({ length, offsets, places }) => [
              ...listed(offsets, length),
              ...listed(places, length),
            ]),
          ),
        );
        for (const [i, part] of farParts.entries())
          part.chunk.forEach((index, axis) => {
            expect(BigInt(index)).toBe(BigInt(nearParts[i]!.chunk[axis]!) + by[axis]! / BigInt(chunk[axis]!));
            expect(Number.isSafeInteger(index)).toBe(true);
          });
      }),
    );
  });

  it('walks ranges with huge steps exactly, forwards and backwards', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 0n, max: maxAxis - 1n }),
        fc.bigInt({ min: -(2n ** 62n), max: 2n ** 62n }).filter((step) => step !== 0n),
        fc.integer({ min: 1024, max: 2 ** 20 }),
        (start, step, chunk) => {
          const room = step > 0n ? (maxAxis - 1n - start) / step : start / -step;
          const count = room > 40n ? 41n : room + 1n;
          const stop = start + step * count;
          const selection = resolveSelection(
            [{ kind: 'slice', start, stop: stop < 0n ? undefined : stop, step }],
            [maxAxis],
          );
          const places: bigint[] = [];
          for (const { chunk: index, spans } of planChunks(selection, [chunk]))
            for (const offset of listed(spans[0]!.offsets, spans[0]!.length))
              places.push(BigInt(index[0]!) * BigInt(chunk) + BigInt(offset));
          expect(places).toEqual(
            Array.from({ length: Number(selection.shape[0]) }, (_, i) => start + step * BigInt(i)),
          );
        },
      ),
    );
  });

  it('counts the chunks of 10^18 rows without walking them', () => {
    const shape = [10n ** 18n, 2n];
    const selection = resolveSelection([{ kind: 'slice', step: 1n }], shape);
    expect(countChunks(selection, [16_384, 2])).toBe(61_035_156_250_000n);
    expect(() => [...planChunks(selection, [16_384, 2])]).toThrow(/61035156250000 chunks: at most 65536/);
  });
});

function fill(
  values: Float64Array,
  strides: readonly number[],
  sizes: readonly number[],
  value: (inside: readonly number[]) => number,
): void {
  const walk = (inside: readonly number[], at: number): void => {
    if (inside.length === sizes.length) {
      values[at] = value(inside);
      return;
    }
    for (let i = 0; i < sizes[inside.length]!; i++) walk([...inside, i], at + i * strides[inside.length]!);
  };
  walk([], 0);
}

describe('bad indices', () => {
  const shape = [10n, 2n];
  it.each<[string, Index[], RegExp]>([
    ['out of range', [{ kind: 'at', at: 10n }], /no element 10 along axis 0: it has 10 elements, 0 to 9/],
    ['before the first', [{ kind: 'at', at: -11n }], /no element -11/],
    ['too many', [1n, 1n, 1n].map((at) => ({ kind: 'at', at })), /3 indices for an array of 2 axes/],
    ['two ellipses', [{ kind: 'ellipsis' }, { kind: 'ellipsis' }], /at most one ellipsis/],
    ['step zero', [{ kind: 'slice', step: 0n }], /cannot be zero/],
    ['a short mask', [{ kind: 'mask', mask: [true] }], /has 1 values and the axis 10/],
    [
      'two lists',
      [
        { kind: 'list', at: [1n] },
        { kind: 'list', at: [1n] },
      ],
      /along one axis/,
    ],
  ])('%s: one sentence', (_, indices, sentence) => {
    expect(() => resolveSelection(indices, shape)).toThrow(sentence);
  });

  it('refuses a grid finer than 2^53 chunks', () => {
    expect(gridSize(2n ** 53n - 1n, 1)).toBe(2 ** 53 - 1);
    expect(() => gridSize(2n ** 53n, 1, 1)).toThrow(/Axis 1 of 9007199254740992 elements in chunks of 1 has/);
  });
});

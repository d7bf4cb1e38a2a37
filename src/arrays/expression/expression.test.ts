import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Dtype } from '../../protocol/array.ts';
import { dtypes } from '../../protocol/array.ts';
import {
  type BinaryOp,
  binaryOps,
  type Expression,
  type ReduceOp,
  reduceOps,
  type UnaryOp,
  unaryOps,
} from '../../protocol/array-expression.ts';
import { planChunks } from '../chunk-plan.ts';
import { gather } from '../copy-elements.ts';
import { isFloat, isTime, itemSize, makeValues, numberAt, setLiteral, type Values } from '../dtype.ts';
import { decodeNpy, encodeNpy } from '../npy.ts';
import { wholeSelection } from '../selection.ts';
import { chunkVolume, stridesOf } from '../shape.ts';
import { type ArrayFacts, compileExpression } from './compile.ts';
import { Assembly, evaluatePiece } from './evaluate.ts';
import { Cuts, chunksOf } from './pieces.ts';

/** A small array in chunks; a chunk that is not there is fill. */
interface Made {
  readonly facts: ArrayFacts;
  readonly shape: number[];
  readonly chunks: ReadonlyMap<string, Values>;
  readonly dense: Values;
}

/** Expressions tried of each kind. */
const runs = process.env.EXANALYTICS_LONG === '1' ? 1600 : 400;

const numbersOf = (dtype: Dtype): fc.Arbitrary<number | string | boolean> => {
  if (dtype === 'bool') return fc.boolean();
  if (isFloat(dtype))
    return fc.oneof(
      { weight: 8, arbitrary: fc.integer({ min: -64, max: 64 }).map((n) => n / 8) },
      { weight: 1, arbitrary: fc.constantFrom('NaN', 'Infinity', '-Infinity', -0) },
    );
  const low = dtype.startsWith('uint') ? 0 : -100;
  return fc.integer({ min: low, max: 100 });
};

function make(
  id: string,
  dtype: Dtype,
  shape: number[],
  chunk: number[],
  order: 'C' | 'F',
  cells: readonly (number | string | boolean)[],
  holes: number,
): Made {
  const fill = cells[0]!;
  const facts: ArrayFacts = { id, name: id, shape: shape.map(String), dtype, chunk, order, fill };
  const chunks = new Map<string, Values>();
  const dense = makeValues(dtype, chunkVolume(shape));
  for (let i = 0; i < dense.length; i++) setLiteral(dtype, dense, i, fill);
  let n = 0;
  for (const part of planChunks(wholeSelection(shape.map(BigInt)), chunk)) {
    if ((holes >> (n++ % 31)) & 1) continue;
    const values = makeValues(dtype, chunkVolume(chunk));
    for (let i = 0; i < values.length; i++) setLiteral(dtype, values, i, cells[(i * 7 + n) % cells.length]!);
    chunks.set(part.chunk.join(), values);
    gather(
      part,
      { values, strides: stridesOf(chunk, order) },
      { values: dense, strides: stridesOf(shape, 'C') },
    );
  }
  return { facts, shape, chunks, dense };
}

const made = (dtype: fc.Arbitrary<Dtype>): fc.Arbitrary<Made> =>
  fc
    .tuple(
      dtype,
      fc.constantFrom<[number[], number[]]>(
        [[13], [5]],
        [
          [6, 7],
          [4, 3],
        ],
        [
          [9, 4],
          [2, 4],
        ],
        [
          [3, 4, 5],
          [2, 4, 3],
        ],
      ),
      fc.constantFrom<'C' | 'F'>('C', 'F'),
      fc.integer({ min: 0, max: 2 ** 30 }),
    )
    .chain(([type, [shape, chunk], order, holes]) =>
      fc
        .array(numbersOf(type), { minLength: 3, maxLength: 9 })
        .map((cells) => make('a', type, shape, chunk, order, cells, holes)),
    );

/** Evaluates over pieces in any order, of whichever chunks there are. */
function evaluate(expression: Expression, arrays: readonly Made[], shuffle = 1) {
  const of = (id: string) => arrays.find(({ facts }) => facts.id === id)!;
  const program = compileExpression(expression, (id) => of(id).facts);
  const cuts = new Cuts(program);
  const assembly = new Assembly(program, cuts);
  const places = new Map<string, readonly number[]>();
  for (const leaf of program.leaves)
    for (const key of of(leaf.array.id).chunks.keys())
      for (const place of cuts.touched(leaf, key.split(',').map(Number))) places.set(place.join(), place);
  const ordered = [...places.values()];
  for (let i = ordered.length - 1; i > 0; i--) {
    const j = (i * shuffle * 7919) % (i + 1);
    [ordered[i], ordered[j]] = [ordered[j]!, ordered[i]!];
  }
  for (const place of ordered) {
    const piece = cuts.piece(place);
    for (const [i, leaf] of program.leaves.entries()) {
      const needed = new Set(chunksOf(leaf, piece).map((at) => at.join()));
      expect([...needed].length, String(i)).toBeGreaterThan(0);
    }
    const result = evaluatePiece(program, piece, (leaf, at) =>
      of(program.leaves[leaf]!.array.id).chunks.get(at.join()),
    );
    assembly.add(piece, result);
  }
  return assembly.finish();
}

const numpyThere = (() => {
  try {
    execFileSync('/usr/bin/python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

const names: Readonly<Record<string, string>> = {
  and: 'logical_and',
  or: 'logical_or',
  not: 'logical_not',
  lessEqual: 'less_equal',
  greaterEqual: 'greater_equal',
  notEqual: 'not_equal',
};

/** The expression in Python, over `a` and `b`. */
function python(expression: Expression): string {
  switch (expression.op) {
    case 'array':
      return `${expression.array}[${expression.at ?? '...'}]`;
    case 'value':
      return typeof expression.value === 'string'
        ? expression.value.replace('Infinity', 'np.inf').replace('NaN', 'np.nan')
        : String(expression.value).replace('true', 'True').replace('false', 'False');
    case 'where':
      return `np.where(${python(expression.condition)}, ${python(expression.left)}, ${python(expression.right)})`;
    case 'astype':
      return `np.asarray(${python(expression.of)}).astype('${expression.dtype}')`;
    case 'reduce': {
      const options = [
        ...(expression.axis === undefined ? [] : [`axis=${expression.axis}`]),
        ...(expression.ddof ? [`ddof=${expression.ddof}`] : []),
      ];
      const of = python(expression.of);
      if (expression.by === 'count') return `np.sum(~np.isnan(${of}), ${options.join(', ')})`;
      return `np.${expression.by}(${[of, ...options].join(', ')})`;
    }
    default:
      if ('of' in expression) return `np.${names[expression.op] ?? expression.op}(${python(expression.of)})`;
      return `np.${names[expression.op] ?? expression.op}(${python(expression.left)}, ${python(expression.right)})`;
  }
}

const script = `
import sys, io, struct, warnings
import numpy as np
warnings.filterwarnings('ignore')
data = sys.stdin.buffer
out = sys.stdout.buffer
def read():
    n, = struct.unpack('<I', data.read(4))
    return data.read(n)
count, = struct.unpack('<I', data.read(4))
for _ in range(count):
    a = np.load(io.BytesIO(read())); b = np.load(io.BytesIO(read()))
    try:
        r = np.asarray(eval(read().decode()))
        buf = io.BytesIO(); np.save(buf, np.ascontiguousarray(r) if r.ndim else r); bytes = buf.getvalue()
    except Exception as e:
        bytes = b'!' + str(e).encode()
    out.write(struct.pack('<I', len(bytes))); out.write(bytes)
`;

function numpy(cases: readonly { a: Made; b: Made; expression: Expression }[]): Buffer[] {
  const parts: Buffer[] = [];
  const push = (bytes: Uint8Array) => {
    const length = Buffer.alloc(4);
    length.writeUInt32LE(bytes.length);
    parts.push(length, Buffer.from(bytes));
  };
  const count = Buffer.alloc(4);
  count.writeUInt32LE(cases.length);
  parts.push(count);
  for (const { a, b, expression } of cases) {
    for (const { facts, shape, dense } of [a, b])
      push(encodeNpy({ dtype: facts.dtype, shape, order: 'C', values: dense }));
    push(Buffer.from(python(expression)));
  }
  const answer = execFileSync('/usr/bin/python3', ['-c', script], {
    input: Buffer.concat(parts),
    maxBuffer: 2 ** 28,
  });
  const found: Buffer[] = [];
  for (let at = 0; at < answer.length; ) {
    const length = answer.readUInt32LE(at);
    found.push(answer.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

const a: Expression = { op: 'array', array: 'a' };
const b: Expression = { op: 'array', array: 'b' };
const numeric = dtypes.filter((dtype) => !isTime(dtype));

const pair = fc.tuple(fc.constantFrom(...numeric), fc.constantFrom(...numeric)).chain(([left, right]) =>
  fc
    .tuple(
      made(fc.constant(left)),
      fc.array(numbersOf(right), { minLength: 3, maxLength: 9 }),
      fc.nat(2 ** 30),
    )
    .map(([first, cells, holes]) => ({
      a: first,
      b: make(
        'b',
        right,
        first.shape,
        first.facts.chunk.map((side, i) => Math.min(first.shape[i]!, side + 1)),
        'C',
        cells,
        holes,
      ),
    })),
);

const elementwise: fc.Arbitrary<Expression> = fc.oneof(
  fc.constantFrom(...unaryOps).map((op: UnaryOp): Expression => ({ op, of: a })),
  fc.constantFrom(...binaryOps).map((op: BinaryOp): Expression => ({ op, left: a, right: b })),
  fc
    .tuple(fc.constantFrom(...binaryOps), fc.constantFrom<number>(0, 1, 3, -2, 2.5))
    .map(([op, value]): Expression => ({ op, left: a, right: { op: 'value', value } })),
  fc.constant<Expression>({ op: 'where', condition: { op: 'less', left: a, right: b }, left: a, right: b }),
  fc.constantFrom(...numeric).map((dtype): Expression => ({ op: 'astype', of: a, dtype })),
);

describe.runIf(numpyThere)('expressions equal NumPy’s', () => {
  it('elementwise, in type and value', () => {
    const cases = fc.sample(
      fc.tuple(pair, elementwise).map(([arrays, expression]) => ({ ...arrays, expression })),
      { numRuns: runs, seed: 7 },
    );
    check(cases);
  });

  it('reduced, over all or along an axis', () => {
    const reduction = fc
      .tuple(
        fc.constantFrom<ReduceOp>(...reduceOps),
        fc.option(fc.constantFrom(0, -1), { nil: undefined }),
        fc.constantFrom<Expression>(a, { op: 'multiply', left: a, right: b }),
        fc.constantFrom(0, 1),
      )
      .map(
        ([by, axis, of, ddof]): Expression => ({
          op: 'reduce',
          of,
          by,
          axis,
          ...(by === 'var' || by === 'std' ? { ddof } : {}),
        }),
      );
    const cases = fc.sample(
      fc.tuple(pair, reduction).map(([arrays, expression]) => ({ ...arrays, expression })),
      { numRuns: runs, seed: 11 },
    );
    check(cases);
  });

  it('of selections: slices, steps, lists, one index', () => {
    const at = fc.constantFrom('::-1', '1::2', '[2, 0, 1]', '1', '2:', '::5', '-2:');
    const cases = fc.sample(
      fc
        .tuple(
          made(fc.constantFrom<Dtype>('float64', 'int32')),
          at,
          fc.constantFrom<ReduceOp | undefined>(undefined, 'sum', 'argmax', 'min'),
        )
        .map(([array, text, by]) => {
          const of: Expression = {
            op: 'add',
            left: { op: 'array', array: 'a', at: text },
            right: { op: 'value', value: 1 },
          };
          return { a: array, b: array, at: text, expression: by ? ({ op: 'reduce', of, by } as const) : of };
        }),
      { numRuns: runs / 4, seed: 13 },
    );
    // One element alone is a scalar to NumPy 1, whose type gives way.
    check(cases.filter(({ a: { shape }, at: text }) => shape.length > 1 || text !== '1'));
  });
});

function check(cases: readonly { a: Made; b: Made; expression: Expression }[]): void {
  const answers = numpy(cases);
  let compared = 0;
  for (const [i, one] of cases.entries()) {
    const said = answers[i]!;
    const text = `${python(one.expression)} of ${one.a.facts.dtype}, ${one.b.facts.dtype}, ${one.a.shape}`;
    const isRefused = said[0] === 0x21;
    let ours: ReturnType<typeof evaluate>;
    try {
      ours = evaluate(one.expression, [one.a, one.b]);
    } catch (error) {
      // NumPy refuses what we refuse, or wraps a sum that we refuse to give wrongly.
      expect(isRefused || String(error).includes('does not fit'), `${text}: ${error}`).toBe(true);
      continue;
    }
    expect(isRefused, `${text}: ${said}`).toBe(false);
    const theirs = decodeNpy(said);
    expect([ours.dtype, ...ours.shape], text).toEqual([theirs.dtype, ...theirs.shape]);
    const isInexact = ['exp', 'log', 'reduce'].includes(one.expression.op) && isFloat(ours.dtype);
    for (let k = 0; k < ours.values.length; k++) {
      const mine = numberAt(ours.dtype, ours.values, k);
      const other = numberAt(theirs.dtype, theirs.values, k);
      if (Object.is(mine, other) || mine === other || (Number.isNaN(mine) && Number.isNaN(other))) continue;
      const bits = itemSize(ours.dtype) === 2 ? 9 : itemSize(ours.dtype) === 4 ? 20 : 46;
      const isNear = isInexact && Math.abs(mine - other) <= 2 ** -bits * Math.max(1, Math.abs(other)) * 8;
      // A truncation C leaves open.
      const isOpen = one.expression.op === 'astype' && !isFloat(ours.dtype) && isFloat(one.a.facts.dtype);
      if (!isNear && !isOpen) expect.fail(`${text} [${k}]: ${mine}, NumPy ${other}`);
    }
    compared++;
  }
  expect(compared).toBeGreaterThan(cases.length / 2);
}

describe('an expression', () => {
  it('has the same bits in whatever order its pieces come', () => {
    fc.assert(
      fc.property(
        made(fc.constant<Dtype>('float64')),
        fc.nat(1000),
        fc.constantFrom<ReduceOp>('sum', 'mean', 'var', 'argmin'),
        (array, seed, by) => {
          const expression: Expression = {
            op: 'reduce',
            by,
            of: { op: 'multiply', left: a, right: { op: 'value', value: 0.1 } },
          };
          expect(evaluate(expression, [array], seed + 2)).toEqual(evaluate(expression, [array]));
        },
      ),
    );
  });

  it('over 10^18 rows costs what was written, holes by arithmetic', () => {
    const facts: ArrayFacts = {
      id: 'a',
      name: 'a',
      shape: [String(10n ** 18n), '2'],
      dtype: 'int32',
      chunk: [16_384, 2],
      order: 'C',
      fill: 3,
    };
    const chunk = new Int32Array(32_768).fill(5);
    const far: Made = { facts, shape: [], chunks: new Map([['61035156249999,0', chunk]]), dense: chunk };
    const of: Expression = {
      op: 'abs',
      of: { op: 'subtract', left: { op: 'array', array: 'a', at: ':, 0' }, right: { op: 'value', value: 1 } },
    };
    const sum = evaluate({ op: 'reduce', by: 'sum', of }, [far]);
    expect(sum.values[0]).toBe(2n * 10n ** 18n + 2n * 16_384n);
    expect(evaluate({ op: 'reduce', by: 'max', of }, [far]).values[0]).toBe(4);
    const where = evaluate({ op: 'reduce', by: 'argmax', of }, [far]);
    expect(where.values[0]).toBe(61_035_156_249_999n * 16_384n);
    expect(evaluate({ op: 'reduce', by: 'argmin', of }, [far]).values[0]).toBe(0n);
    expect(() => evaluate(of, [far])).toThrow(/at most/);
    expect(() =>
      evaluate(
        { op: 'reduce', by: 'sum', of: { op: 'multiply', left: of, right: { op: 'value', value: 8 } } },
        [far],
      ),
    ).toThrow(/does not fit int64/);
  });

  it('that means nothing gets one sentence', () => {
    const facts: ArrayFacts = {
      id: 'a',
      name: 'a',
      shape: ['10'],
      dtype: 'datetime64[s]',
      chunk: [5],
      order: 'C',
      fill: 0,
    };
    const small: ArrayFacts = { ...facts, id: 'b', dtype: 'float64', shape: ['4'] };
    const compile = (expression: unknown) => () =>
      compileExpression(expression as Expression, (id) => (id === 'a' ? facts : small));
    expect(compile({ op: 'add', left: a, right: a })).toThrow(/Times are compared here/);
    expect(compile({ op: 'add', left: b, right: { op: 'array', array: 'a', at: '0:5' } })).toThrow(
      /do not meet/,
    );
    expect(compile({ op: 'abs', of: { op: 'reduce', by: 'sum', of: b } })).toThrow(/stands at the root/);
    expect(compile({ op: 'reduce', by: 'sum', of: b, axis: 3 })).toThrow(/no axis 3/);
    expect(compile({ op: 'reduce', by: 'median', of: b })).toThrow(/no reduction/);
    expect(compile({ op: 'frobnicate', of: b })).toThrow(/no operation "frobnicate"/);
    expect(compile({ op: 'value', value: 3 })).toThrow(/at least one array/);
    expect(compile({ op: 'abs' })).toThrow(/no part of an expression/);
    expect(compile({ op: 'array', array: 'a', at: 'x' })).toThrow(/not understood/);
    expect(compile(undefined)).toThrow(/no part of an expression/);
  });
});

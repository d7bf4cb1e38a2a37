import type { ColumnData } from '../../arrow/column-data.ts';
import { int64FromDoubles } from '../../arrow/words.ts';
import type { ColumnType } from '../../protocol/column.ts';
import { scaleOf } from '../../protocol/formula-type.ts';
import { exp } from '../math/exp.ts';
import { log } from '../math/log.ts';
import { pow } from '../math/pow.ts';
import { castColumn, checked } from './cast.ts';
import { bigintsOf, doublesOf, exactDoubles } from './numbers.ts';
import { bitmapOf, bothValid } from './validity.ts';

export type Rounding = 'round' | 'floor' | 'ceil';

/** Exact doubles up to here stay exact when half a unit is added. */
const maxHalved = 2 ** 52;

/**
 * Numbers brought to `digits` decimals as `type`: `round` to the nearest, halves away from 0; `floor` down, `ceil` up.
 * Exact of integers and decimals; of float64 the value times a power of ten, rounded, and back. Throws `invalid` on overflow.
 */
export function roundColumn(fn: Rounding, data: ColumnData, digits: number, type: ColumnType): ColumnData {
  const { length, validity } = data;
  if (data.kind === 'float64')
    return { kind: 'float64', length, validity, values: roundDoubles(fn, data.values, digits) };
  const own = data.kind === 'decimal' ? data.scale : 0;
  if (digits >= own) return castColumn(data, type);
  const factor = 10 ** (own - digits);
  const doubles = own - digits <= 15 ? exactDoubles(data, own) : undefined;
  const after = digits < 0 ? 10 ** -digits : 1;
  let values: BigInt64Array | undefined;
  if (doubles?.every((value) => value < maxHalved && value > -maxHalved)) {
    for (let i = 0; i < length; i++) doubles[i] = roundInteger(fn, doubles[i]!, factor) * after;
    values = int64FromDoubles(doubles);
  }
  values ??= BigInt64Array.from(
    checked(
      bigintsOf(data, own).map((value) => roundBig(fn, value, own - digits) * BigInt(after)),
      type,
      validity,
    ),
  );
  return type.kind === 'decimal'
    ? { ...type, length, validity, values }
    : { kind: 'int64', length, validity, values };
}

/** Of integers within ±2^52 the quotient of doubles falls on the right side of every integer. */
function roundInteger(fn: Rounding, value: number, factor: number): number {
  if (fn === 'floor') return Math.floor(value / factor) + 0;
  if (fn === 'ceil') return Math.ceil(value / factor) + 0;
  const nearest = Math.floor((Math.abs(value) + factor / 2) / factor);
  return value < 0 ? 0 - nearest : nearest;
}

function roundBig(fn: Rounding, value: bigint, power: number): bigint {
  const factor = 10n ** BigInt(power);
  const rest = value % factor;
  const down = (value - rest) / factor - (rest < 0n ? 1n : 0n);
  if (fn === 'floor') return down;
  if (fn === 'ceil') return rest === 0n ? down : down + 1n;
  const magnitude = ((value < 0n ? -value : value) + factor / 2n) / factor;
  return value < 0n ? -magnitude : magnitude;
}

function roundDoubles(fn: Rounding, values: Float64Array, digits: number): Float64Array {
  const power = Number(`1e${Math.abs(digits)}`);
  const whole =
    fn === 'floor'
      ? Math.floor
      : fn === 'ceil'
        ? Math.ceil
        : (x: number) => (x < 0 ? -Math.round(-x) : Math.round(x));
  return values.map((value) => {
    const scaled = digits < 0 ? value / power : value * power;
    if (!Number.isFinite(scaled)) return value;
    return (digits < 0 ? whole(scaled) * power : whole(scaled) / power) + 0;
  });
}

/** The size of a number without its sign, as `type`. Throws `invalid` for −2^63. */
export function absolute(data: ColumnData, type: ColumnType): ColumnData {
  const { length, validity } = data;
  if (data.kind === 'float64') return { ...data, values: data.values.map((value) => Math.abs(value)) };
  const scale = scaleOf(type);
  const doubles = exactDoubles(data, scale);
  const values = doubles
    ? int64FromDoubles(doubles.map((value) => Math.abs(value)))
    : BigInt64Array.from(
        checked(
          bigintsOf(data, scale).map((value) => (value < 0n ? -value : value)),
          type,
          validity,
        ),
      );
  return type.kind === 'decimal'
    ? { ...type, length, validity, values }
    : { kind: 'int64', length, validity, values };
}

export type Curve = 'sqrt' | 'exp' | 'ln' | 'power';

/**
 * Square root, e^x, natural logarithm and a^b in doubles, by our own `exp`, `log`, `pow`. Null where there is no such
 * number: the root or logarithm of a negative, the logarithm of 0, 0 to a negative power, a negative to a broken one.
 */
export function curve(fn: Curve, a: ColumnData, b?: ColumnData): ColumnData {
  const x = doublesOf(a);
  const y = b && doublesOf(b);
  const { length } = a;
  const values = new Float64Array(length);
  const present = new Uint8Array(length).fill(1);
  for (let i = 0; i < length; i++) {
    const value = x[i]!;
    const other = y ? y[i]! : 0;
    if (!isDefined(fn, value, other)) present[i] = 0;
    else
      values[i] =
        fn === 'sqrt'
          ? Math.sqrt(value)
          : fn === 'exp'
            ? exp(value)
            : fn === 'ln'
              ? log(value)
              : pow(value, other);
  }
  const validity = bothValid(a.validity, b?.validity);
  return { kind: 'float64', length, values, validity: bothValid(validity, bitmapOf(present)) };
}

function isDefined(fn: Curve, x: number, y: number): boolean {
  if (fn === 'sqrt') return !(x < 0);
  if (fn === 'ln') return !(x <= 0);
  if (fn === 'power') return !(x === 0 && y < 0) && !(x < 0 && Number.isFinite(y) && !Number.isInteger(y));
  return true;
}

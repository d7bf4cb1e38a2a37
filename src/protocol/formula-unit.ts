import { ExaError } from './errors.ts';
import type { Formula } from './formula.ts';

/** What a number counts. `none` is a plain number (a quantity, a size, a ratio). */
export type Unit =
  | { readonly kind: 'money'; readonly currency: string }
  | { readonly kind: 'days' | 'hours' | 'minutes' | 'count' | 'percent' | 'none' };

const none: Unit = { kind: 'none' };

/**
 * What a formula's value counts, from what its columns do: money stays money in sums, means and × a number; money ÷ money
 * of one currency is a ratio; date − date is days; `share` is a percentage. `parts` are the units of the formula's own
 * parts in order. Throws `invalid` where money of two currencies, or money and time, would be added.
 */
export function unitOfFormula(
  formula: Formula,
  parts: readonly Unit[],
  isTime: (part: number) => boolean,
): Unit {
  const [first = none, second = none] = parts;
  switch (formula.op) {
    case 'aggregate':
      if (formula.fn === 'count' || formula.fn === 'distinct') return { kind: 'count' };
      return formula.fn === 'variance' ? none : first;
    case 'window':
      return formula.fn === 'share' ? { kind: 'percent' } : first;
    case 'call':
      switch (formula.fn) {
        case '-':
          return isTime(0) && isTime(1) ? { kind: 'days' } : joined(first, second);
        case '+':
          return joined(first, second);
        case 'if':
          return joined(second, parts[2] ?? none);
        case 'coalesce':
          return parts.reduce(joined);
        case '*':
          return product(first, second);
        case '/':
          return quotient(first, second);
        case 'neg':
        case 'abs':
        case 'round':
        case 'floor':
        case 'ceil':
          return first;
        case 'datediff': {
          const [unit] = formula.args;
          const name = unit?.op === 'literal' ? unit.value : undefined;
          return name === 'day'
            ? { kind: 'days' }
            : name === 'hour'
              ? { kind: 'hours' }
              : name === 'minute'
                ? { kind: 'minutes' }
                : none;
        }
        default:
          return none;
      }
    default:
      return none;
  }
}

/** Of values that stand for each other or are added; a plain number takes the other's unit. */
function joined(a: Unit, b: Unit): Unit {
  if (a.kind === 'money' && b.kind === 'money') {
    if (a.currency === b.currency) return a;
    throw new ExaError(
      'invalid',
      `Money in ${a.currency} and in ${b.currency} is not added: bring one to the other's currency first.`,
    );
  }
  const isSpan = ({ kind }: Unit): boolean => kind === 'days' || kind === 'hours' || kind === 'minutes';
  if ((a.kind === 'money' && isSpan(b)) || (b.kind === 'money' && isSpan(a)))
    throw new ExaError('invalid', 'Money and time are not added.');
  if (a.kind === 'none' || a.kind === 'count') return b.kind === 'none' ? a : b;
  return a.kind === b.kind || b.kind === 'none' || b.kind === 'count' ? a : none;
}

function product(a: Unit, b: Unit): Unit {
  const isPlain = ({ kind }: Unit): boolean => kind === 'none' || kind === 'count' || kind === 'percent';
  if (isPlain(a) && isPlain(b)) return none;
  return isPlain(b) ? a : isPlain(a) ? b : none;
}

function quotient(a: Unit, b: Unit): Unit {
  return b.kind === 'none' || b.kind === 'count' || b.kind === 'percent'
    ? a.kind === 'count'
      ? none
      : a
    : none;
}

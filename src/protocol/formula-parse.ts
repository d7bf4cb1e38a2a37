import { ExaError } from './errors.ts';
import {
  type AggregateFunction,
  aggregateFunctions,
  type Formula,
  type RowFunction,
  type WindowFunction,
  windowFunctions,
} from './formula.ts';
import { isNamed, otherNames } from './formula-functions.ts';

type Token =
  | {
      readonly kind: 'number' | 'text' | 'name' | 'quoted' | 'symbol';
      readonly text: string;
      readonly at: number;
    }
  | { readonly kind: 'end'; readonly text: ''; readonly at: number };

const patterns: readonly (readonly [Token['kind'], RegExp])[] = [
  ['number', /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?/y],
  ['text', /'(?:[^']|'')*'/y],
  ['quoted', /"(?:[^"]|"")*"/y],
  ['name', /[\p{L}_][\p{L}\p{N}_]*(?:\.[\p{L}_][\p{L}\p{N}_]*)?/uy],
  ['symbol', /<=|>=|<>|!=|[-+*/×÷−(),=<>≤≥≠]/y],
];

const synonyms: Readonly<Record<string, RowFunction>> = {
  '×': '*',
  '÷': '/',
  '−': '-',
  '!=': '<>',
  '≠': '<>',
  '≤': '<=',
  '≥': '>=',
};

const comparisons = new Set(['=', '<>', '<', '<=', '>', '>=']);

/** Groups a moving average may look back on. */
export const maxMoving = 1000;

/** Where a formula, or a part of one, stands in what was typed: `[at, end)` in UTF-16 units. */
export interface Span {
  readonly at: number;
  readonly end: number;
}

/** A formula read, with where each of its parts stands. */
export interface ParsedFormula {
  readonly formula: Formula;
  readonly spans: ReadonlyMap<Formula, Span>;
}

/** Nesting past which a formula is refused: deeper ones are no person's, and the reader would run out of stack. */
const maxDepth = 200;

/**
 * Reads a formula as people type it: `sum(Quantity * UnitPrice) / distinct(InvoiceNo)`. Operators + − × ÷ (also - * /),
 * = ≠ < ≤ > ≥ (also <> != <= >=), `and`, `or`, `not`; `if(c, a, b)`, `coalesce(…)` and the functions of `signatures`;
 * aggregates `count()`, `sum(x)`, `mean`, `min`, `max`, `variance`, `stddev`, `distinct`, `quantile(x, 0.5)`, `median(x)`;
 * over an answer's groups `share(x)`, `running(x)`, `moving(x, 3)`, `previous(x)`; columns by id, name or label, in
 * "double quotes" where they are not one word; 'texts'; `true`, `false`, `null`. Function names and words are read in either case. A number that a double does not hold
 * exactly as written becomes a text literal, which is read exactly beside a number column.
 * Throws `invalid` with a sentence and `facts.at`, the offset in UTF-16 units, and `facts.end`.
 */
export function parseFormula(text: string): Formula {
  return parseWithSpans(text).formula;
}

/** As {@link parseFormula}, with the place of every part. */
export function parseWithSpans(text: string): ParsedFormula {
  const tokens = tokenize(text);
  const spans = new Map<Formula, Span>();
  let next = 0;
  let depth = 0;

  /** Remembers where a part stands: from `start` to the last token taken. */
  const placed = (start: number, formula: Formula): Formula => {
    const last = tokens[next - 1]!;
    spans.set(formula, { at: start, end: last.at + last.text.length });
    return formula;
  };

  const peek = (): Token => tokens[next]!;
  const symbol = (token: Token): string => synonyms[token.text] ?? token.text;
  const isSymbol = (...wanted: string[]): boolean =>
    peek().kind === 'symbol' && wanted.includes(symbol(peek()));
  const isWord = (word: string): boolean => peek().kind === 'name' && peek().text.toLowerCase() === word;
  const take = (): Token => tokens[next++]!;
  const expect = (wanted: string): void => {
    if (!isSymbol(wanted)) throw wrong(`“${wanted}” was expected`, peek());
    next++;
  };

  function either(): Formula {
    if (++depth > maxDepth) throw wrong('The formula is nested too deeply', peek());
    const formula = chain('or', () => chain('and', negation));
    depth--;
    return formula;
  }

  function chain(fn: 'and' | 'or', part: () => Formula): Formula {
    const start = peek().at;
    const args = [part()];
    while (isWord(fn)) {
      next++;
      args.push(part());
    }
    return args.length === 1 ? args[0]! : placed(start, { op: 'call', fn, args });
  }

  function negation(): Formula {
    if (!isWord('not')) return comparison();
    const start = take().at;
    if (++depth > maxDepth) throw wrong('The formula is nested too deeply', peek());
    const formula = placed(start, call('not', [negation()]));
    depth--;
    return formula;
  }

  function comparison(): Formula {
    const start = peek().at;
    const left = sum();
    if (peek().kind !== 'symbol' || !comparisons.has(symbol(peek()))) return left;
    const fn = symbol(take()) as RowFunction;
    return placed(start, call(fn, [left, sum()]));
  }

  function sum(): Formula {
    const start = peek().at;
    let left = product();
    while (isSymbol('+', '-')) {
      const fn = symbol(take()) as RowFunction;
      left = placed(start, call(fn, [left, product()]));
    }
    return left;
  }

  function product(): Formula {
    const start = peek().at;
    let left = unary();
    while (isSymbol('*', '/')) {
      const fn = symbol(take()) as RowFunction;
      left = placed(start, call(fn, [left, unary()]));
    }
    return left;
  }

  function unary(): Formula {
    if (!isSymbol('-')) return primary();
    const start = take().at;
    if (++depth > maxDepth) throw wrong('The formula is nested too deeply', peek());
    const token = peek();
    // −5 is a number, −x is a call.
    const formula = token.kind === 'number' ? literal(`-${take().text}`) : call('neg', [unary()]);
    depth--;
    return placed(start, formula);
  }

  function primary(): Formula {
    const token = take();
    const formula = value(token);
    // What stands in parentheses keeps its own place.
    return spans.has(formula) ? formula : placed(token.at, formula);
  }

  function value(token: Token): Formula {
    switch (token.kind) {
      case 'number':
        return literal(token.text);
      case 'text':
        return { op: 'literal', value: token.text.slice(1, -1).replaceAll("''", "'") };
      case 'quoted': {
        const column = token.text.slice(1, -1).replaceAll('""', '"');
        if (!column) throw wrong('A column needs a name between the quotes', token);
        return { op: 'column', column };
      }
      case 'name':
        return named(token);
      case 'symbol':
        if (token.text === '(') {
          const inner = either();
          expect(')');
          return inner;
        }
        throw wrong('A value was expected', token);
      case 'end':
        throw wrong(next === 1 ? 'The formula is empty' : 'A value was expected at the end', token);
    }
  }

  function named(token: Token): Formula {
    const word = token.text.toLowerCase();
    if (!isSymbol('(')) {
      if (word === 'true' || word === 'false') return { op: 'literal', value: word === 'true' };
      if (word === 'null') return { op: 'literal', value: null };
      if (word === 'and' || word === 'or') throw wrong('A value was expected', token);
      return { op: 'column', column: token.text };
    }
    const name = Object.hasOwn(otherNames, word) ? otherNames[word]! : word;
    const fn = name === 'if' || name === 'coalesce' || isNamed(name) ? name : undefined;
    const aggregate = aggregateFunctions.find((known) => known === name);
    const overGroups = windowFunctions.find((known) => known === name);
    if (!fn && !aggregate && !overGroups && name !== 'median')
      throw wrong(`There is no function “${token.text}”`, token);
    next++;
    const args: Formula[] = [];
    if (!isSymbol(')'))
      do {
        if (args.length) next++;
        args.push(either());
      } while (isSymbol(','));
    expect(')');
    if (fn) return call(fn, args);
    if (overGroups) return windowOf(overGroups, args, token);
    if (aggregate) return aggregateOf(aggregate, args, token);
    if (args.length !== 1) throw wrong('“median” takes one value', token);
    return { op: 'aggregate', fn: 'quantile', of: args[0]!, q: 0.5 };
  }

  const formula = either();
  if (peek().kind !== 'end') throw wrong('The formula should end', peek());
  return { formula, spans };
}

function call(fn: RowFunction, args: readonly Formula[]): Formula {
  return { op: 'call', fn, args };
}

function aggregateOf(fn: AggregateFunction, args: readonly Formula[], token: Token): Formula {
  const [of, fraction] = args;
  if (fn === 'quantile') {
    if (!of || fraction?.op !== 'literal' || typeof fraction.value !== 'number' || args.length !== 2)
      throw wrong('“quantile” needs a value and a fraction, as in quantile(x, 0.5)', token);
    if (!(fraction.value >= 0 && fraction.value <= 1))
      throw wrong('The fraction of “quantile” is between 0 and 1', token);
    return { op: 'aggregate', fn, of, q: fraction.value };
  }
  if (args.length > 1) throw wrong(`“${fn}” takes one value, not ${args.length}`, token);
  if (!of && fn !== 'count') throw wrong(`“${fn}” needs a value in its parentheses`, token);
  return of ? { op: 'aggregate', fn, of } : { op: 'aggregate', fn };
}

function windowOf(fn: WindowFunction, args: readonly Formula[], token: Token): Formula {
  const [of, count] = args;
  if (!of) throw wrong(`“${fn}” needs a total in its parentheses, as in ${fn}(sum(x))`, token);
  if (fn === 'moving' || (fn === 'previous' && count)) {
    const n = count?.op === 'literal' ? count.value : undefined;
    if (args.length !== 2 || typeof n !== 'number')
      throw wrong(`“${fn}” needs a total and how many groups, as in ${fn}(sum(x), 3)`, token);
    if (!Number.isInteger(n) || n < 1 || n > maxMoving)
      throw wrong(`“${fn}” counts 1 to ${maxMoving} groups`, token);
    return { op: 'window', fn, of, n };
  }
  if (args.length > 1) throw wrong(`“${fn}” takes one value, not ${args.length}`, token);
  return { op: 'window', fn, of };
}

function literal(numeral: string): Formula {
  const number = Number(numeral);
  return { op: 'literal', value: keepsAllDigits(numeral, number) ? number : numeral };
}

/** Whether a double printed again has the digits that were written (zeros at the ends apart). */
function keepsAllDigits(numeral: string, number: number): boolean {
  if (/e/i.test(numeral) || !Number.isFinite(number)) return Number.isFinite(number);
  if (Number.isInteger(number) && !Number.isSafeInteger(number)) return false;
  const bare = (text: string): string => {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    return `${whole.replace(/^0+/, '')}.${fraction.replace(/0+$/, '')}`;
  };
  const printed = String(number);
  return /e/.test(printed) ? bare(numeral).length <= 17 : bare(printed) === bare(numeral);
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    while (at < text.length && /\s/.test(text[at]!)) at++;
    if (at >= text.length) break;
    const found = match(text, at);
    if (!found) {
      const quote = text[at] === "'" || text[at] === '"';
      const character = String.fromCodePoint(text.codePointAt(at)!);
      const sentence = quote ? 'A quote is not closed' : `“${character}” is not understood`;
      throw wrong(sentence, { kind: 'symbol', text: character, at });
    }
    tokens.push(found);
    at += found.text.length;
  }
  tokens.push({ kind: 'end', text: '', at: text.length });
  return tokens;
}

function match(text: string, at: number): Token | undefined {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found && kind !== 'end') return { kind, text: found, at };
  }
  return undefined;
}

function wrong(sentence: string, token: Token): ExaError {
  const where = token.kind === 'end' ? 'at the end' : `at “${token.text}”, character ${token.at + 1}`;
  return new ExaError('invalid', `${sentence} (${where}).`, {
    facts: { at: token.at, end: token.at + token.text.length },
  });
}

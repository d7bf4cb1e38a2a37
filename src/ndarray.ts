import type { ArrayHead, Dtype, ElementLiteral } from './protocol/array.ts';
import type { ArrayActivity, ArrayClient, Elements } from './protocol/array-client.ts';
import type { BinaryOp, Expression, ReduceOp, UnaryOp } from './protocol/array-expression.ts';
import type { Receipt } from './protocol/change.ts';
import { cancelled, ExaError, isExaError } from './protocol/errors.ts';
import { openWorkbenchClient, type WorkbenchClient } from './workers/client.ts';

export type { Dtype, Elements };
export { ExaError, isExaError };

/** How an evaluation is followed, ended, and where it is done; the same bits either way. */
export interface EvaluateOptions extends ArrayActivity {
  /** `here`: in compute workers; `store`: near the data. By default here when it reads little, or offline. */
  readonly where?: 'here' | 'store';
}

export interface ReduceOptions extends EvaluateOptions {
  /** The one axis that is reduced; all by default. Negative: from the end. */
  readonly axis?: number;
  /** Degrees of freedom of `var` and `std`; 0. */
  readonly ddof?: number;
}

/** A number, a truth, an exact whole number, or an array of the same shape. */
export type Operand = Lazy | number | bigint | boolean;

/** An array to be: says what to calculate, reads nothing until a reduction or `get`. */
export class Lazy {
  readonly #client: ArrayClient;
  readonly expression: Expression;

  constructor(client: ArrayClient, expression: Expression) {
    this.#client = client;
    this.expression = expression;
  }

  add(other: Operand): Lazy {
    return this.#with('add', other);
  }
  sub(other: Operand): Lazy {
    return this.#with('subtract', other);
  }
  mul(other: Operand): Lazy {
    return this.#with('multiply', other);
  }
  div(other: Operand): Lazy {
    return this.#with('divide', other);
  }
  minimum(other: Operand): Lazy {
    return this.#with('minimum', other);
  }
  maximum(other: Operand): Lazy {
    return this.#with('maximum', other);
  }
  less(other: Operand): Lazy {
    return this.#with('less', other);
  }
  lessEqual(other: Operand): Lazy {
    return this.#with('lessEqual', other);
  }
  greater(other: Operand): Lazy {
    return this.#with('greater', other);
  }
  greaterEqual(other: Operand): Lazy {
    return this.#with('greaterEqual', other);
  }
  equal(other: Operand): Lazy {
    return this.#with('equal', other);
  }
  notEqual(other: Operand): Lazy {
    return this.#with('notEqual', other);
  }
  and(other: Operand): Lazy {
    return this.#with('and', other);
  }
  or(other: Operand): Lazy {
    return this.#with('or', other);
  }
  not(): Lazy {
    return this.#of('not');
  }
  neg(): Lazy {
    return this.#of('negative');
  }
  abs(): Lazy {
    return this.#of('abs');
  }
  sqrt(): Lazy {
    return this.#of('sqrt');
  }
  exp(): Lazy {
    return this.#of('exp');
  }
  log(): Lazy {
    return this.#of('log');
  }
  isnan(): Lazy {
    return this.#of('isnan');
  }
  astype(dtype: Dtype): Lazy {
    return new Lazy(this.#client, { op: 'astype', of: this.expression, dtype });
  }
  /** `left` where this holds, else `right`. */
  where(left: Operand, right: Operand): Lazy {
    return new Lazy(this.#client, {
      op: 'where',
      condition: this.expression,
      left: expressionOf(left),
      right: expressionOf(right),
    });
  }

  sum(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('sum', options);
  }
  mean(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('mean', options);
  }
  var(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('var', options);
  }
  std(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('std', options);
  }
  min(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('min', options);
  }
  max(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('max', options);
  }
  /** Elements that are numbers: neither NaN nor "not a time". */
  count(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('count', options);
  }
  argmin(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('argmin', options);
  }
  argmax(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('argmax', options);
  }
  any(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('any', options);
  }
  all(options?: ReduceOptions): Promise<Result> {
    return this.#reduce('all', options);
  }

  /** The elements themselves, at most 64 MiB. Rejects with {@link ExaError}. */
  get(options: EvaluateOptions = {}): Promise<Elements> {
    return this.#client.evaluate(this.expression, options);
  }

  #with(op: BinaryOp, other: Operand): Lazy {
    return new Lazy(this.#client, { op, left: this.expression, right: expressionOf(other) });
  }

  #of(op: UnaryOp): Lazy {
    return new Lazy(this.#client, { op, of: this.expression });
  }

  async #reduce(by: ReduceOp, { axis, ddof, ...options }: ReduceOptions = {}): Promise<Result> {
    const expression: Expression = {
      op: 'reduce',
      of: this.expression,
      by,
      ...(axis === undefined ? {} : { axis }),
      ...(ddof === undefined ? {} : { ddof }),
    };
    return resultOf(await this.#client.evaluate(expression, options));
  }
}

/** What a reduction gives: one value (whole numbers of 64 bits as bigint), or elements where an axis is kept. */
export type Result = number | bigint | boolean | Elements;

function resultOf(elements: Elements): Result {
  const { dtype, shape, values } = elements;
  if (shape.length > 0 || dtype === 'float16') return elements;
  return dtype === 'bool' ? values[0] === 1 : values[0]!;
}

function expressionOf(operand: Operand): Expression {
  if (operand instanceof Lazy) return operand.expression;
  let value: ElementLiteral;
  if (typeof operand === 'bigint') value = String(operand);
  else if (typeof operand === 'number' && !Number.isFinite(operand)) value = String(operand);
  else value = operand;
  return { op: 'value', value };
}

/** An array of a store: shape and type at once, elements as they are asked for. */
export class Ndarray extends Lazy {
  readonly #client: ArrayClient;
  readonly #close: () => void;
  readonly id: string;
  readonly name: string;
  /** Exact sizes. */
  readonly shape: readonly bigint[];
  readonly dtype: Dtype;
  readonly chunk: readonly number[];

  constructor(client: ArrayClient, head: ArrayHead, close: () => void) {
    super(client, { op: 'array', array: head.id });
    this.#client = client;
    this.#close = close;
    this.id = head.id;
    this.name = head.name;
    this.shape = head.shape.map(BigInt);
    this.dtype = head.dtype;
    this.chunk = head.chunk;
  }

  /** A part to calculate with: `a.at('0:1e12, 0')`, NumPy's index within its brackets. */
  at(index: string): Lazy {
    return new Lazy(this.#client, { op: 'array', array: this.id, at: index });
  }

  /** The elements of a part, at most 64 MiB; kept here for the next time and for offline. */
  slice(index: string, options?: ArrayActivity): Promise<Elements> {
    return this.#client.read(this.id, index, options);
  }

  /** Assigns to a part; resolves when it is on the store's disk. One value is assigned to all of it. */
  set(index: string, elements: Elements): Promise<Receipt> {
    return this.#client.write(this.id, index, elements).stored;
  }

  /** Lets go of the store; in Node the process may end. */
  close(): void {
    this.#close();
  }
}

/**
 * Opens an array by its address: `http://127.0.0.1:8080/api/arrays/sensors`. Rejects `missing` for an unknown array,
 * `offline` when it was not opened here before and the store cannot be reached.
 */
export async function open(url: string, options: { readonly signal?: AbortSignal } = {}): Promise<Ndarray> {
  const address = /^(https?:\/\/.+?)\/api\/arrays\/([^/?#]+)\/?$/.exec(url);
  if (!address)
    throw new ExaError(
      'invalid',
      `“${url}” is not the address of an array: it is like http://127.0.0.1:8080/api/arrays/sensors.`,
    );
  const [, storeUrl, id] = address;
  const client = openWorkbenchClient({ storeUrl: storeUrl! });
  return await openOver(client, decodeURIComponent(id!), options);
}

/** An array over a client that is there already. */
export async function openOver(
  client: Pick<WorkbenchClient, 'arrays' | 'close'>,
  id: string,
  { signal }: { readonly signal?: AbortSignal } = {},
): Promise<Ndarray> {
  const head = await new Promise<ArrayHead>((resolve, reject) => {
    const stop = client.arrays.head(id, {
      next: (value) => {
        queueMicrotask(() => stop());
        resolve(value);
      },
      failed: reject,
    });
    signal?.addEventListener('abort', () => {
      stop();
      reject(cancelled());
    });
  }).catch((error: unknown) => {
    client.close();
    throw error;
  });
  return new Ndarray(client.arrays, head, () => client.close());
}

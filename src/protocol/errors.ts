/**
 * The one error of the workbench, the same across worker, wire and page.
 * `tag` says what kind of thing went wrong and so what a caller can do; `message` is a sentence for a person.
 *
 * | tag | when | what a caller can do |
 * |---|---|---|
 * | missing | a data set, column, page or record that is not there (404) | choose another |
 * | gone | a revision or epoch that is neither current nor kept (410) | read the head again, plan again |
 * | offline | the store cannot be reached, or did not answer in time | answer from the cache; retry later |
 * | refused | not allowed, or a limit was passed (401, 403, 413, 429) | tell the person |
 * | invalid | the question, formula or file is wrong (400, 422) | show `facts` beside the input |
 * | conflict | an idempotency key used twice with different contents, a head that moved (409) | read again |
 * | corrupt | bytes that fail their checksum or cannot be decoded | drop, fetch again |
 * | quota | this browser or the store's disk is full (507) | free space |
 * | cancelled | the asker went away | nothing |
 * | broken | anything else: a bug (500) | report it |
 */
export const errorTags = [
  'missing',
  'gone',
  'offline',
  'refused',
  'invalid',
  'conflict',
  'corrupt',
  'quota',
  'cancelled',
  'broken',
] as const;

export type ErrorTag = (typeof errorTags)[number];

/** Facts of an error, plain JSON: `{ column: 'amount', row: 1204 }`. */
export type ErrorFacts = Readonly<Record<string, string | number | boolean | null>>;

/** An error as it crosses a thread or the wire (structured clone and JSON both lose classes). */
export interface WireError {
  readonly tag: ErrorTag;
  readonly message: string;
  readonly facts?: ErrorFacts;
}

export class ExaError extends Error {
  override readonly name = 'ExaError';
  readonly tag: ErrorTag;
  readonly facts: ErrorFacts;

  constructor(tag: ErrorTag, message: string, options: { facts?: ErrorFacts; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.tag = tag;
    this.facts = options.facts ?? {};
  }
}

/** Narrows to an {@link ExaError}, of one of `tags` when any are given. */
export function isExaError(error: unknown, ...tags: ErrorTag[]): error is ExaError {
  return error instanceof ExaError && (tags.length === 0 || tags.includes(error.tag));
}

/** Any thrown value as an {@link ExaError}: an abort becomes `cancelled`, anything unknown `broken`. */
export function toExaError(error: unknown): ExaError {
  if (error instanceof ExaError) return error;
  if (error instanceof Error && error.name === 'AbortError') return cancelled(error);
  if (error instanceof Error && error.name === 'QuotaExceededError')
    return new ExaError('quota', 'There is no space left to keep data in this browser.', { cause: error });
  return new ExaError('broken', error instanceof Error ? error.message : String(error), { cause: error });
}

/** What an aborted request ends with. */
export function cancelled(cause?: unknown): ExaError {
  return new ExaError('cancelled', 'The request was cancelled.', { cause });
}

export function toWireError(error: unknown): WireError {
  const { tag, message, facts } = toExaError(error);
  return { tag, message, facts };
}

/** Rebuilds what {@link toWireError} made; a value of another shape is itself a `broken` error. */
export function fromWireError(wire: unknown): ExaError {
  if (typeof wire === 'object' && wire !== null && 'tag' in wire && 'message' in wire) {
    const tag = errorTags.find((known) => known === wire.tag);
    const facts =
      'facts' in wire && typeof wire.facts === 'object' ? (wire.facts as ErrorFacts | null) : null;
    if (tag) return new ExaError(tag, String(wire.message), { facts: facts ?? {} });
  }
  return new ExaError('broken', 'The answer was not understood.');
}

const statusByTag: Record<ErrorTag, number> = {
  missing: 404,
  gone: 410,
  offline: 503,
  refused: 403,
  invalid: 422,
  conflict: 409,
  corrupt: 500,
  quota: 507,
  cancelled: 499,
  broken: 500,
};

/** The HTTP status that carries `tag`. */
export function statusOf(tag: ErrorTag): number {
  return statusByTag[tag];
}

/** Problem details (RFC 9457) of an error; `tag` and `facts` are extension members. */
export interface Problem extends WireError {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
}

export function toProblem(error: unknown): Problem {
  const { tag, message, facts } = toExaError(error);
  return { type: 'about:blank', title: tag, status: statusOf(tag), detail: message, tag, message, facts };
}

import { type ErrorFacts, type ErrorTag, ExaError, errorTags } from './errors.ts';

/** What a status means where the answer does not say its tag. */
function tagOfStatus(status: number): ErrorTag {
  if (status === 404) return 'missing';
  if (status === 410) return 'gone';
  if (status === 409 || status === 412) return 'conflict';
  if (status === 400 || status === 415 || status === 422) return 'invalid';
  if (status === 401 || status === 403 || status === 413 || status === 429) return 'refused';
  if (status === 408 || status === 502 || status === 503 || status === 504) return 'offline';
  if (status === 507) return 'quota';
  return 'broken';
}

const sentences: Readonly<Record<ErrorTag, string>> = {
  missing: 'The store does not have what was asked for.',
  gone: 'The store no longer has this revision: read the data again.',
  offline: 'The store is not available at the moment.',
  refused: 'The store refused: you may need to sign in, or to ask for less.',
  invalid: 'The store did not accept the request.',
  conflict: 'The data changed meanwhile: read them again.',
  corrupt: 'The store could not read its own data.',
  quota: 'The store has no space left.',
  cancelled: 'The request was cancelled.',
  broken: 'The store failed to answer.',
};

/** The error an answer of `status` (not 2xx) carries; `body` is its parsed JSON, or undefined when it was none. */
export function parseProblem(status: number, body: unknown): ExaError {
  const said = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const tag = errorTags.find((known) => known === said.tag) ?? tagOfStatus(status);
  const sentence = [said.detail, said.message].find((text) => typeof text === 'string' && text !== '');
  return new ExaError(tag, typeof sentence === 'string' ? sentence : sentences[tag], {
    facts: { ...readFacts(said.facts), status },
  });
}

function readFacts(value: unknown): ErrorFacts {
  if (typeof value !== 'object' || value === null) return {};
  const plain = Object.entries(value).filter(
    ([, fact]) => fact === null || ['string', 'number', 'boolean'].includes(typeof fact),
  );
  return Object.fromEntries(plain) as ErrorFacts;
}

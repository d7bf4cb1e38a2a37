import type { FastifyError, FastifySchemaValidationError } from 'fastify';
import { ExaError, isExaError, type Problem, toProblem } from '../../src/protocol/errors.ts';

/** The media type of problem details (RFC 9457 §6.1). */
export const problemType = 'application/problem+json';

/** Any error of a route as problem details, Fastify's own included; `status` may be finer than the tag's. */
export function problemOf(error: unknown): Problem {
  if (isExaError(error)) return error.facts.status === 401 ? withStatus(401, error) : toProblem(error);
  if (!(error instanceof Error)) return toProblem(error);
  const { code, statusCode, validation, validationContext } = error as FastifyError;
  if (validation?.[0])
    return toProblem(
      new ExaError('invalid', sentenceOf(validation[0], validationContext ?? 'body'), {
        facts: { at: placeOf(validation[0]) },
      }),
    );
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return withStatus(
        413,
        new ExaError(
          'refused',
          'The request is larger than this store takes at once: send it in smaller parts.',
        ),
      );
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return withStatus(
        415,
        new ExaError(
          'invalid',
          'The store does not read this content type here; /api/openapi.json lists those it reads.',
        ),
      );
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
      return toProblem(
        new ExaError('invalid', 'The request has no body: send the JSON that this address expects.'),
      );
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return withStatus(400, new ExaError('invalid', 'The request was cut short on its way: send it again.'));
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return toProblem(new ExaError('missing', 'There is nothing at this address.'));
  }
  if (error.name === 'AbortError') return toProblem(error);
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return withStatus(statusCode, new ExaError('invalid', 'The store could not read the request.'));
  return toProblem(
    new ExaError('broken', 'The store failed on this request; its log says why.', { cause: error }),
  );
}

function withStatus(status: number, error: ExaError): Problem {
  return { ...toProblem(error), status };
}

/** `items[0].kind` of the pointer `/items/0/kind`; empty for the whole. */
function placeOf(error: FastifySchemaValidationError): string {
  const inner = error.instancePath
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => (/^\d+$/.test(step) ? `${path}[${step}]` : path ? `${path}.${step}` : step), '');
  const missing = error.params.missingProperty ?? error.params.tag;
  const extra = error.params.additionalProperty;
  const last = typeof missing === 'string' && error.keyword !== 'additionalProperties' ? missing : extra;
  if (typeof last !== 'string') return inner;
  return inner ? `${inner}.${last}` : last;
}

const contexts: Readonly<Record<string, string>> = {
  body: 'the request',
  querystring: 'the address',
  params: 'the address',
  headers: 'the headers',
};

/** One sentence about what a schema did not accept: where, what, and what it takes. */
function sentenceOf(error: FastifySchemaValidationError, context: string): string {
  const place = placeOf(error);
  const where = contexts[context] ?? context;
  const what = place ? `“${place}” in ${where}` : where.replace(/^t/, 'T');
  switch (error.keyword) {
    case 'required':
      return `${capital(what)} is missing.`;
    case 'additionalProperties':
      return `${capital(what)} is not something this store knows.`;
    case 'discriminator':
      return error.params.error === 'tag'
        ? `${capital(what)} is missing or not a text.`
        : `${capital(what)} is ${JSON.stringify(error.params.tagValue)}, which this store does not know.`;
    case 'enum':
      return `${capital(what)} must be one of ${(error.params.allowedValues as unknown[]).map((value) => JSON.stringify(value)).join(', ')}.`;
    case 'type':
      return `${capital(what)} must be ${typeName(error.params.type)}.`;
    default:
      return `${capital(what)} ${error.message ?? 'is not valid'}.`;
  }
}

function typeName(type: unknown): string {
  const names: Readonly<Record<string, string>> = {
    array: 'a list',
    integer: 'a whole number',
    number: 'a number',
    object: 'an object',
    string: 'a text',
    boolean: 'true or false',
    null: 'null',
  };
  const list = (Array.isArray(type) ? type : String(type).split(',')).map(
    (one) => names[String(one)] ?? String(one),
  );
  return list.join(' or ');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

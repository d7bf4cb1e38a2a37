import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Static, type TSchema, Type } from '@sinclair/typebox';
import { Ajv, type ErrorObject } from 'ajv';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Filter } from '../../src/protocol/query.ts';
import { filterSchema } from '../http/question-schema.ts';
import { refer, strict, words } from '../http/schema-parts.ts';
import { type Rights, roles } from '../scope/scope.ts';

const name = Type.String({ minLength: 1, maxLength: 200 });
const list = Type.Union([Type.Literal('*'), Type.Array(name, { maxItems: 1000 })]);
const view = Type.Object(
  {
    where: Type.Optional(refer<Filter>('Filter')),
    hide: Type.Optional(Type.Array(name, { maxItems: 1000 })),
    cache: Type.Optional(Type.Literal('memory')),
  },
  strict,
);

const rights = {
  tenant: Type.Optional(name),
  datasets: Type.Optional(Type.Union([Type.Literal('*'), Type.Record(Type.String(), view)])),
  arrays: Type.Optional(list),
  gadgets: Type.Optional(list),
  workspaces: Type.Optional(list),
  role: Type.Optional(words(roles)),
  cache: Type.Optional(Type.Literal('memory')),
};

const key = Type.Object(
  {
    id: name,
    /** At least 32 bytes, base64url; or the file that holds it. */
    secret: Type.Optional(Type.String({ minLength: 43 })),
    secretFile: Type.Optional(name),
    /** Public keys (RFC 7517), or the address that answers with them. */
    jwks: Type.Optional(
      Type.Union([Type.String({ pattern: '^https?://' }), Type.Object({ keys: Type.Array(Type.Any()) })]),
    ),
    jwksFile: Type.Optional(name),
    issuer: Type.Optional(name),
    maxMinutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 1440 })),
    rights: Type.Optional(Type.Object(rights, strict)),
  },
  strict,
);

const accessSchema = Type.Object(
  {
    audience: Type.Optional(name),
    anonymous: Type.Optional(Type.Object(rights, strict)),
    groups: Type.Optional(Type.Record(Type.String(), Type.Object(rights, strict))),
    users: Type.Optional(
      Type.Record(
        Type.String(),
        Type.Object({ name: Type.Optional(name), groups: Type.Optional(Type.Array(name)) }, strict),
      ),
    ),
    everybody: Type.Optional(Type.Object(rights, strict)),
    keys: Type.Optional(Type.Array(key)),
    signIn: Type.Optional(
      Type.Object(
        {
          issuer: Type.String({ pattern: '^https?://' }),
          clientId: name,
          clientSecret: Type.Optional(name),
          clientSecretFile: Type.Optional(name),
          user: Type.Optional(name),
          groups: Type.Optional(name),
          scope: Type.Optional(name),
          hours: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 720 })),
        },
        strict,
      ),
    ),
  },
  strict,
);

/** Who may see what: the file that `--access` names. Everything left out is refused. */
export type Access = Static<typeof accessSchema>;
export type AccessKey = Static<typeof key>;

/** The claim `exa` of a token: rights, each of which can only narrow what its key may. */
const tokenRights = Type.Object(rights, strict);

/** Rights in a token. Throws `refused` naming what is wrong. */
export function readRights(value: unknown): Rights {
  const wrong = firstError(tokenRights, value);
  if (wrong) throw new ExaError('refused', `The token’s claim “exa” cannot be read: ${wrong}.`);
  return value as Rights;
}

/** Reads an access file; files it names are beside it. Throws `invalid` with the place of the first mistake. */
export function readAccessFile(path: string): Access {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(path, 'utf8'));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ExaError('invalid', `The access file ${path} cannot be read: ${why}.`, { cause });
  }
  const access = checkAccess(value, path);
  const folder = dirname(resolve(path));
  const textOf = (file: string): string => {
    try {
      return readFileSync(resolve(folder, file), 'utf8').trim();
    } catch (cause) {
      throw new ExaError('invalid', `The access file ${path} names ${file}, which cannot be read.`, {
        cause,
      });
    }
  };
  return {
    ...access,
    ...(access.keys && {
      keys: access.keys.map(({ secretFile, jwksFile, ...one }) => ({
        ...one,
        ...(secretFile !== undefined && { secret: checkedSecret(textOf(secretFile), secretFile) }),
        ...(jwksFile !== undefined && { jwks: keySetOf(textOf(jwksFile), jwksFile) }),
      })),
    }),
    ...(access.signIn && {
      signIn: {
        ...access.signIn,
        ...(access.signIn.clientSecretFile !== undefined && {
          clientSecret: textOf(access.signIn.clientSecretFile),
        }),
      },
    }),
  };
}

/** An access file's JSON. Throws `invalid`. */
export function checkAccess(value: unknown, path = 'access'): Access {
  const wrong = firstError(accessSchema, value);
  if (wrong) throw new ExaError('invalid', `The access file ${path} is wrong: ${wrong}.`);
  const access = value as Access;
  const known = new Set(Object.keys(access.groups ?? {}));
  for (const [user, { groups = [] }] of Object.entries(access.users ?? {}))
    for (const group of groups)
      if (!known.has(group))
        throw new ExaError(
          'invalid',
          `The access file ${path} puts ${user} in the group ${group}, which is not in it.`,
        );
  for (const one of access.keys ?? []) {
    const given = [one.secret, one.secretFile, one.jwks, one.jwksFile].filter((given) => given !== undefined);
    if (given.length !== 1)
      throw new ExaError(
        'invalid',
        `The key ${one.id} of the access file ${path} needs exactly one of secret, secretFile, jwks and jwksFile.`,
      );
    if (one.secret !== undefined) checkedSecret(one.secret, one.id);
  }
  return access;
}

/** A shared secret of at least 256 bits. Throws `invalid`. */
export function checkedSecret(text: string, where: string): string {
  if (/^[\w-]+$/.test(text) && Buffer.from(text, 'base64url').length >= 32) return text;
  throw new ExaError(
    'invalid',
    `The secret of ${where} must be at least 32 random bytes in base64url: make one with “exanalytics token --new-key FILE”.`,
  );
}

const ajv = new Ajv({ discriminator: true, allowUnionTypes: true, strict: false, schemas: [filterSchema] });

function keySetOf(text: string, file: string): { keys: unknown[] } {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && 'keys' in value && Array.isArray(value.keys))
      return { keys: value.keys };
  } catch {
    // Said below.
  }
  throw new ExaError('invalid', `${file} holds no JSON Web Key Set: {"keys": […]}.`);
}

function firstError(schema: TSchema, value: unknown): string | undefined {
  if (ajv.validate(schema, value)) return undefined;
  const errors = ajv.errors ?? [];
  // The deepest place says most: what a union makes of it stands above.
  const worst = errors.reduce<ErrorObject | undefined>(
    (deep, one) => (deep && deep.instancePath.length >= one.instancePath.length ? deep : one),
    undefined,
  );
  if (!worst) return 'it has another form';
  const place = worst.instancePath.slice(1).replaceAll('/', '.');
  const extra = worst.params.additionalProperty;
  return `${place === '' ? 'it' : `“${place}”`} ${extra === undefined ? worst.message : `must not have “${extra}”`}`;
}

import {
  createLocalJWKSet,
  createRemoteJWKSet,
  decodeProtectedHeader,
  errors,
  type JSONWebKeySet,
  type JWTPayload,
  type JWTVerifyGetKey,
  jwtVerify,
} from 'jose';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Caller } from '../http/caller.ts';
import { type Alternatives, scopeOf } from '../scope/scope.ts';
import { type AccessKey, readRights } from './access-file.ts';
import { notSignedIn } from './not-signed-in.ts';
import type { Revocations } from './revocations.ts';

/** Clocks of two machines differ: a token counts this much longer, and from this much earlier on. */
const toleranceSeconds = 30;
const defaultMaxMinutes = 60;

/** What each kind of key may sign with: a token cannot choose another kind than its key is. */
const secretAlgorithms = ['HS256', 'HS384', 'HS512'];
const publicAlgorithms = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519'];

interface Verifier {
  readonly key: AccessKey;
  verify(token: string): Promise<JWTPayload>;
}

export interface TokenOptions {
  readonly keys: readonly AccessKey[];
  /** What a token must be for. */
  readonly audience: string;
  readonly revocations: Revocations;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Checks tokens that a portal's own server signed; a token can only narrow what its key may. */
export function tokenCallers({
  keys,
  audience,
  revocations,
  now = Date.now,
}: TokenOptions): (token: string) => Promise<Caller> {
  const verifiers = new Map<string, Verifier>(keys.map((key) => [key.id, verifierOf(key, audience, now)]));
  const [only] = verifiers.size === 1 ? [...verifiers.values()] : [];
  return async (token) => {
    const verifier = find(token, verifiers) ?? only;
    if (!verifier) throw invalid('it does not say (in “kid”) which of the store’s keys signed it');
    const claims = await verifier.verify(token).catch((error: unknown) => {
      throw sentenceOf(error, audience);
    });
    const { sub, jti, exp, iat } = claims;
    if (typeof sub !== 'string' || sub === '' || sub.length > 200) throw invalid('it names no user in “sub”');
    if (exp === undefined || iat === undefined) throw invalid('it needs “iat” and “exp”');
    const most = (verifier.key.maxMinutes ?? defaultMaxMinutes) * 60;
    if (exp - iat > most)
      throw invalid(
        `it is good for ${Math.round((exp - iat) / 60)} minutes, and its key allows ${most / 60}`,
      );
    const isRevoked = () => jti !== undefined && revocations.has(jti);
    if (isRevoked()) throw notSignedIn('revoked', 'The token was taken back: ask the portal for another.');
    const own = readRights(claims.exa ?? {});
    const every: Alternatives[] = [
      [{ role: 'reader', ...verifier.key.rights }],
      [{ role: 'reader', ...own }],
    ];
    return {
      scope: scopeOf(every),
      user: `${verifier.key.id}:${sub}`,
      ...(typeof claims.name === 'string' && { name: claims.name.slice(0, 200) }),
      hasToken: true,
      expires: (exp + toleranceSeconds) * 1000,
      isRevoked,
    };
  };
}

function find(token: string, verifiers: ReadonlyMap<string, Verifier>): Verifier | undefined {
  try {
    const { kid, alg } = decodeProtectedHeader(token);
    if (alg === 'none' || alg === undefined) throw invalid('it is not signed');
    return kid === undefined ? undefined : verifiers.get(kid);
  } catch (error) {
    if (error instanceof ExaError) throw error;
    throw invalid('it is not a signed token (JWT)');
  }
}

function verifierOf(key: AccessKey, audience: string, now: () => number): Verifier {
  const isShared = key.secret !== undefined;
  const source: JWTVerifyGetKey | Uint8Array = isShared
    ? Buffer.from(key.secret ?? '', 'base64url')
    : typeof key.jwks === 'string'
      ? createRemoteJWKSet(new URL(key.jwks), { timeoutDuration: 5000 })
      : createLocalJWKSet((key.jwks ?? { keys: [] }) as JSONWebKeySet);
  return {
    key,
    async verify(token) {
      const options = {
        audience,
        algorithms: isShared ? secretAlgorithms : publicAlgorithms,
        clockTolerance: toleranceSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'iat', 'sub', 'aud'],
        ...(key.issuer !== undefined && { issuer: key.issuer }),
      };
      // A key set is asked by the token's own “kid”: where the set has one key, it may be left out.
      const { payload } = await (source instanceof Uint8Array
        ? jwtVerify(token, source, options)
        : jwtVerify(token, source, options));
      return payload;
    },
  };
}

function sentenceOf(error: unknown, audience: string): unknown {
  if (error instanceof errors.JWTExpired)
    return notSignedIn('expired', 'The token has expired: ask the portal for another.');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return invalid(`it is not for this store (“aud” must be ${audience})`);
    if (error.claim === 'nbf') return invalid('it does not count yet (“nbf”)');
    if (error.reason === 'missing') return invalid(`it lacks “${error.claim}”`);
    return invalid(`its “${error.claim}” does not hold`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed)
    return invalid('it is signed in a way its key does not allow');
  if (error instanceof errors.JWKSTimeout || error instanceof TypeError)
    return new ExaError('offline', 'The keys that tokens are signed with cannot be fetched at the moment.', {
      cause: error,
    });
  if (error instanceof errors.JOSEError) return invalid('its signature does not hold');
  return error;
}

function invalid(why: string): ExaError {
  return notSignedIn('invalid', `The token is refused: ${why}.`);
}

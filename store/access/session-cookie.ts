import { randomBytes, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { EncryptJWT, jwtDecrypt } from 'jose';
import type { Person } from './user-rights.ts';

/** Somebody who signed in, as their cookie says. */
export interface SignedIn extends Person {
  readonly jti: string;
  /** ms since 1970. */
  readonly expires: number;
}

/** Sealed texts that only this store can make and read. */
export interface Seal {
  seal(claims: Readonly<Record<string, unknown>>, purpose: string, expires: number): Promise<string>;
  /** Undefined for anything that is not ours, is for another purpose, or is over. */
  open(text: string, purpose: string): Promise<Record<string, unknown> | undefined>;
}

/** A seal with the 256-bit key in `file`, made when it is missing, readable by the store's user alone. */
export function sealWith(file: string): Seal {
  return seal(keyIn(file));
}

export function seal(key: Uint8Array): Seal {
  return {
    seal: (claims, purpose, expires) =>
      new EncryptJWT(claims)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setAudience(purpose)
        .setExpirationTime(Math.floor(expires / 1000))
        .encrypt(key),
    async open(text, purpose) {
      try {
        const { payload } = await jwtDecrypt(text, key, {
          audience: purpose,
          keyManagementAlgorithms: ['dir'],
          contentEncryptionAlgorithms: ['A256GCM'],
        });
        return payload;
      } catch {
        return undefined;
      }
    },
  };
}

const purpose = 'session';

export function sealSession(by: Seal, person: Person, expires: number): Promise<string> {
  const { user, name, groups } = person;
  return by.seal({ sub: user, name, groups, jti: randomUUID() }, purpose, expires);
}

export async function openSession(by: Seal, text: string): Promise<SignedIn | undefined> {
  const claims = await by.open(text, purpose);
  if (typeof claims?.sub !== 'string' || typeof claims.jti !== 'string' || typeof claims.exp !== 'number')
    return undefined;
  const groups = Array.isArray(claims.groups)
    ? claims.groups.filter((group) => typeof group === 'string')
    : [];
  return {
    user: claims.sub,
    ...(typeof claims.name === 'string' && { name: claims.name }),
    groups,
    jti: claims.jti,
    expires: claims.exp * 1000,
  };
}

function keyIn(file: string): Uint8Array {
  try {
    const key = Buffer.from(readFileSync(file, 'utf8').trim(), 'base64url');
    if (key.length === 32) return key;
  } catch {
    // Made below.
  }
  const key = randomBytes(32);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, key.toString('base64url'), { mode: 0o600 });
  return key;
}

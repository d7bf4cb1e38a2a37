import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { SignJWT } from 'jose';
import { checkedSecret, readRights } from '../access/access-file.ts';
import { readOptions } from './options.ts';
import { UsageError } from './print.ts';

const help = `exanalytics token --new-key FILE        makes a key (32 random bytes) that a portal shares with the store

exanalytics token --key FILE --user NAME [options]   signs a token with it, for trying out
  --key-id ID         the key's id in the access file (portal)
  --audience TEXT     what the access file calls the store (exanalytics)
  --minutes N         how long it counts, at most 60 (15)
  --rights JSON       the claim "exa", e.g. {"datasets":{"orders":{"where":{"op":"in","column":"country","values":["FR"]}}}}
  --gadget TAG        prints the snippet for this gadget, too (exa-orders)
  --store URL         the store's address in that snippet (http://127.0.0.1:8090)

exanalytics token --revoke JTI --store URL [--token TOKEN]   takes a token back before its time
`;

/** `exanalytics token`: keys, tokens for trying out, and taking them back. Resolves to the exit code. */
export async function tokenCommand(args: readonly string[]): Promise<number> {
  const options = readOptions(args, {
    'new-key': { type: 'string' },
    key: { type: 'string' },
    'key-id': { type: 'string' },
    user: { type: 'string' },
    audience: { type: 'string' },
    minutes: { type: 'string' },
    rights: { type: 'string' },
    gadget: { type: 'string' },
    store: { type: 'string' },
    revoke: { type: 'string' },
    token: { type: 'string' },
    help: { type: 'boolean' },
  });
  if (options.flag('help')) {
    console.log(help);
    return 0;
  }
  const store = options.text('store') ?? 'http://127.0.0.1:8090';
  const newKey = options.text('new-key');
  if (newKey !== undefined) return makeKey(newKey);
  const revoked = options.text('revoke');
  if (revoked !== undefined) return revoke(store, revoked, options.text('token'));
  const file = options.text('key');
  const user = options.text('user');
  if (file === undefined || user === undefined)
    throw new UsageError(
      'token needs --key FILE and --user NAME, or --new-key FILE; token --help tells more.',
    );
  const token = await signToken({
    secret: secretIn(file),
    keyId: options.text('key-id') ?? 'portal',
    user,
    audience: options.text('audience') ?? 'exanalytics',
    minutes: readMinutes(options.text('minutes') ?? '15'),
    rights: rightsOf(options.text('rights') ?? '{}'),
  });
  console.log(token);
  const gadget = options.text('gadget');
  if (gadget !== undefined) console.log(`\n${snippet(gadget, store, token)}`);
  return 0;
}

export interface TokenWishes {
  readonly secret: Uint8Array;
  readonly keyId: string;
  readonly user: string;
  readonly audience: string;
  readonly minutes: number;
  readonly rights: object;
}

/** A token as a portal's own server makes it. */
export function signToken({ secret, keyId, user, audience, minutes, rights }: TokenWishes): Promise<string> {
  return new SignJWT({ exa: rights })
    .setProtectedHeader({ alg: 'HS256', kid: keyId, typ: 'JWT' })
    .setSubject(user)
    .setAudience(audience)
    .setIssuedAt()
    .setExpirationTime(`${minutes}m`)
    .setJti(randomUUID())
    .sign(secret);
}

/** What to put into a portal's page. The token is for trying out: a page asks its own server for one. */
export function snippet(gadget: string, store: string, token: string): string {
  return `<script type="module" src="${store}/embed/v1/embed.js"></script>
<${gadget} store="${store}" token="${token}"></${gadget}>`;
}

function makeKey(file: string): number {
  if (existsSync(file))
    throw new UsageError(`${file} is there already: a key is never written over. Choose another name.`);
  writeFileSync(file, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  console.log(`The key is in ${file}. Name it in the access file, and give it to the portal's server:

  "keys": [{ "id": "portal", "secretFile": "${file}", "rights": { "datasets": { "orders": {} }, "arrays": [] } }]`);
  return 0;
}

function secretIn(file: string): Uint8Array {
  let text: string;
  try {
    text = readFileSync(file, 'utf8').trim();
  } catch {
    throw new UsageError(
      `The key ${file} cannot be read: make one with exanalytics token --new-key ${file}.`,
    );
  }
  return Buffer.from(checkedSecret(text, file), 'base64url');
}

function readMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && minutes <= 60) return minutes;
  throw new UsageError(`--minutes must be a whole number from 1 to 60; “${text}” is none.`);
}

function rightsOf(text: string): object {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new UsageError(`--rights must be JSON, such as {"datasets":{"orders":{}}}; “${text}” is none.`);
  }
  return readRights(value);
}

async function revoke(store: string, jti: string, token: string | undefined): Promise<number> {
  const answer = await fetch(new URL('/api/revocations', store), {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify({ jti }),
  }).catch(() => undefined);
  if (!answer)
    throw new UsageError(`The store ${store} cannot be reached: start it, or name another with --store.`);
  if (!answer.ok) {
    const { detail } = (await answer.json().catch(() => ({}))) as { detail?: string };
    throw new UsageError(detail ?? `The store answered ${answer.status}.`);
  }
  console.log('The token counts no more.');
  return 0;
}

import type { Observer, Unsubscribe } from './client.ts';
import {
  misread,
  type Reader,
  readList,
  readNumber,
  readObject,
  readOneOf,
  readOptional,
  readText,
} from './parse-shape.ts';

/** Who the store takes the asker for, and what they may do: `GET /api/session`. */
export interface AccountSession {
  /** Undefined for somebody who is not signed in. */
  readonly user?: string;
  readonly name?: string;
  /** What this browser keeps for the asker is kept under this name, apart from everybody else's. */
  readonly account: string;
  /** Hash of what the asker may see; when it changes, what was kept is dropped. */
  readonly scope: string;
  /** Whether the store answers the asker at all; else they must sign in. */
  readonly open: boolean;
  readonly role: 'reader' | 'editor' | 'admin';
  /** `memory`: nothing may be kept on the asker's disk. */
  readonly cache: 'disk' | 'memory';
  readonly gadgets: '*' | readonly string[];
  readonly workspaces: '*' | readonly string[];
  /** When their rights end, in ms since 1970. */
  readonly expires?: number;
  /** Where to go to sign in; left out where the store has no sign-in of its own. */
  readonly signIn?: string;
  /** Whether signing out means anything: a proxy or a portal's token says who asks again and again. */
  readonly canSignOut: boolean;
}

/** The account of a store without accounts. */
export const publicAccount = 'public';

const readNames: Reader<'*' | readonly string[]> = (value, path) => {
  if (value === '*') return value;
  if (Array.isArray(value)) return readList(readText)(value, path);
  throw misread(path, '“*” or a list');
};
const readFlag: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw misread(path, 'true or false');
  return value;
};

/** A session from JSON. Throws `corrupt`. */
export const parseAccountSession: Reader<AccountSession> = readObject<AccountSession>({
  user: readOptional(readText),
  name: readOptional(readText),
  account: readText,
  scope: readText,
  open: readFlag,
  role: readOneOf(['reader', 'editor', 'admin']),
  cache: readOneOf(['disk', 'memory']),
  gadgets: readNames,
  workspaces: readNames,
  expires: readOptional(readNumber),
  signIn: readOptional(readText),
  canSignOut: readFlag,
});

/** What would be lost by signing out. */
export interface SignOutLoss {
  /** Writes the store does not have yet. */
  readonly waiting: number;
  /** Data sets that are only in this browser. */
  readonly local: readonly string[];
}

/** Who is signed in, as views need it. */
export interface AccountClient {
  session(observer: Observer<AccountSession>): Unsubscribe;
  /** Leaves for the sign-in, and comes back to where the person is. */
  signIn(): void;
  /** What signing out now would lose. */
  loss(): Promise<SignOutLoss>;
  /** Removes everything kept here for this person, then ends the session. */
  signOut(): Promise<void>;
}

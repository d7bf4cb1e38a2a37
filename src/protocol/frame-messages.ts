import { isRecord } from './is-record.ts';

/**
 * Messages between a page and a gadget in an iframe of it. Every message is a plain object with `exanalytics: 1`; the
 * parent's calls have an `id`, which the answer repeats.
 */
export type ParentMessage =
  | { readonly exanalytics: 1; readonly kind: 'hello'; readonly id: number }
  | { readonly exanalytics: 1; readonly kind: 'setState'; readonly id: number; readonly state: object }
  | { readonly exanalytics: 1; readonly kind: 'getState'; readonly id: number }
  | {
      readonly exanalytics: 1;
      readonly kind: 'setFilter';
      readonly id: number;
      readonly source: string;
      /** `{ dataset, filter }`, or null to drop it. */
      readonly filter: object | null;
    }
  | {
      readonly exanalytics: 1;
      readonly kind: 'call';
      readonly id: number;
      readonly method: string;
      readonly args: readonly unknown[];
    }
  /** Answered with a file, `{ name, type, bytes }`: `csv`, `xlsx`, `parquet` or `arrow`. */
  | { readonly exanalytics: 1; readonly kind: 'export'; readonly id: number; readonly format: string }
  | { readonly exanalytics: 1; readonly kind: 'setToken'; readonly id: number; readonly token: string }
  /** Removes what this browser keeps for whom the token names. */
  | { readonly exanalytics: 1; readonly kind: 'signOut'; readonly id: number };

export type ChildMessage =
  | {
      readonly exanalytics: 1;
      readonly kind: 'ready';
      readonly tag: string;
      readonly methods: readonly string[];
    }
  | { readonly exanalytics: 1; readonly kind: 'size'; readonly height: number }
  | { readonly exanalytics: 1; readonly kind: 'state'; readonly state: object }
  | { readonly exanalytics: 1; readonly kind: 'event'; readonly type: string; readonly detail: unknown }
  /** The token has expired: answer with `setToken`. */
  | { readonly exanalytics: 1; readonly kind: 'needToken' }
  | { readonly exanalytics: 1; readonly kind: 'done'; readonly id: number; readonly value: unknown }
  | {
      readonly exanalytics: 1;
      readonly kind: 'failed';
      readonly id: number;
      readonly error: { readonly tag: string; readonly message: string };
    };

const longest = 1_000_000;

/** A message of a parent, or undefined for anything else: other scripts talk on the same channel. */
export function parseParentMessage(data: unknown): ParentMessage | undefined {
  if (!isRecord(data) || data.exanalytics !== 1 || !Number.isSafeInteger(data.id)) return undefined;
  if (!isPlain(data)) return undefined;
  const { kind, state, source, filter, method, args, token, format } = data;
  const isMessage =
    kind === 'hello' ||
    kind === 'getState' ||
    kind === 'signOut' ||
    (kind === 'setState' && isRecord(state)) ||
    (kind === 'setFilter' && typeof source === 'string' && (filter === null || isRecord(filter))) ||
    (kind === 'call' && typeof method === 'string' && Array.isArray(args)) ||
    (kind === 'export' && typeof format === 'string') ||
    (kind === 'setToken' && typeof token === 'string');
  return isMessage ? (data as unknown as ParentMessage) : undefined;
}

/** Whether a value survives JSON and is no longer than a million characters: cycles and giants are not messages. */
function isPlain(value: unknown): boolean {
  try {
    return JSON.stringify(value).length <= longest;
  } catch {
    return false;
  }
}

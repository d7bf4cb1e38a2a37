import { createHash } from 'node:crypto';
import type { Head } from '../../src/protocol/head.ts';

/**
 * What passes of fits came to, so that a fit asked for again goes on where it was left, and another of the same passes
 * reads nothing. As long as the store runs; the least recently used go first.
 */
export interface KeptPasses {
  get(key: string): readonly unknown[] | undefined;
  put(key: string, partials: readonly unknown[], bytes: number): void;
}

const keptBytes = 64 * 2 ** 20;

/** More bytes than this of one pass are not kept. */
const mostBytes = 8 * 2 ** 20;

export function keptPasses(maxBytes = keptBytes): KeptPasses {
  const kept = new Map<string, { readonly partials: readonly unknown[]; readonly bytes: number }>();
  let total = 0;
  const drop = (key: string) => {
    total -= kept.get(key)?.bytes ?? 0;
    kept.delete(key);
  };
  return {
    get(key) {
      const found = kept.get(key);
      if (!found) return undefined;
      kept.delete(key);
      kept.set(key, found);
      return found.partials;
    },
    put(key, partials, bytes) {
      drop(key);
      if (bytes > Math.min(mostBytes, maxBytes)) return;
      kept.set(key, { partials, bytes });
      total += bytes;
      for (const oldest of kept.keys()) {
        if (total <= maxBytes) break;
        drop(oldest);
      }
    },
  };
}

/** Names a pass: who may see what, the blocks as they are (their highest revision moves with any of them), and its kernels. */
export function passKey(
  scope: string,
  head: Head,
  blocks: readonly number[],
  tasks: readonly string[],
): string {
  const revision = head.revisions.reduce((highest, one) => Math.max(highest, one), 0);
  const places = blocks.length === head.revisions.length ? 'all' : blocks;
  const text = JSON.stringify([scope, head.id, head.epoch, revision, head.revisions.length, places, tasks]);
  return createHash('sha256').update(text).digest('base64url');
}

import { createHash } from 'node:crypto';
import type { Head } from '../../src/protocol/head.ts';
import { type ByteLru, byteLru } from '../byte-lru.ts';

/**
 * What passes of fits came to, so that a fit asked for again goes on where it was left, and another of the same passes
 * reads nothing. As long as the store runs, and 64 MiB of them.
 */
export type KeptPasses = ByteLru<readonly unknown[]>;

export function keptPasses(): KeptPasses {
  return byteLru(64 * 2 ** 20);
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

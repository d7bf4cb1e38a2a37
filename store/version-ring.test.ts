import { describe, expect, it } from 'vitest';
import type { VersionEvent } from '../src/protocol/change.ts';
import { versionRing } from './version-ring.ts';

function event(version: number, blocks = 1): VersionEvent {
  return {
    version,
    previous: version - 1,
    asOf: new Date(version).toISOString(),
    datasets: [
      {
        id: 'orders',
        epoch: 'e',
        headChanged: false,
        allocated: 10,
        blocks: Array.from({ length: blocks }, (_, block) => ({ block, live: 10 })),
      },
    ],
  };
}

function ringAt(version: number, limits?: { maxEvents?: number; maxBlocks?: number }) {
  let announce: (event: VersionEvent) => void = () => {};
  const ring = versionRing(
    { version, asOf: '2026-01-01T00:00:00.000Z' },
    (listener) => {
      announce = listener;
      return () => {};
    },
    limits,
  );
  return { ring, announce: (e: VersionEvent) => announce(e) };
}

describe('versionRing', () => {
  it('replays what came after a version, in order', () => {
    const { ring, announce } = ringAt(5);
    for (const version of [6, 7, 8]) announce(event(version));
    const replay = ring.since(6);
    expect(replay.kind === 'events' && replay.events.map((e) => e.version)).toEqual([7, 8]);
    expect(ring.newest().version).toBe(8);
  });

  it('resets for a version older than what is kept, and for one that never was', () => {
    const { ring, announce } = ringAt(5, { maxEvents: 2 });
    for (const version of [6, 7, 8]) announce(event(version));
    expect(ring.since(5).kind).toBe('reset');
    expect(ring.since(6).kind).toBe('events');
    expect(ring.since(9).kind).toBe('reset');
  });

  it('keeps no more blocks than allowed, but always the newest event', () => {
    const { ring, announce } = ringAt(0, { maxBlocks: 10 });
    announce(event(1, 6));
    announce(event(2, 6));
    expect(ring.since(0).kind).toBe('reset');
    announce(event(3, 100));
    expect(ring.since(2).kind).toBe('events');
  });

  it('tells listeners until they leave', () => {
    const { ring, announce } = ringAt(0);
    const seen: number[] = [];
    const leave = ring.listen((e) => seen.push(e.version));
    announce(event(1));
    leave();
    announce(event(2));
    expect(seen).toEqual([1]);
  });
});

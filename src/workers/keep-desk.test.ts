import { describe, expect, test } from 'vitest';
import { ExaError } from '../protocol/errors.ts';
import type { KeptView, SavedView } from '../protocol/saved-view.ts';
import type { RemoteKeep } from '../storage/http-keep.ts';
import { memorySmallStore } from '../storage/small-store.ts';
import { keepDesk } from './keep-desk.ts';

const view = (id: string, at = '2026-11-28T10:00:00.000Z'): SavedView => ({
  id,
  name: `View ${id}`,
  workspace: '#/orders',
  columns: {},
  at,
});

/** A store's side in memory that can go away. */
function fakeRemote(): RemoteKeep & { away: boolean; readonly kept: Map<string, SavedView> } {
  const kept = new Map<string, SavedView>();
  const remote = {
    away: false,
    kept,
    async views() {
      remote.there();
      return [...kept.values()];
    },
    async save(one: SavedView) {
      remote.there();
      kept.set(one.id, one);
    },
    async remove(id: string) {
      remote.there();
      kept.delete(id);
    },
    cite: () => Promise.reject(new ExaError('offline', 'away')),
    async citation(): Promise<never> {
      remote.there();
      throw new ExaError('gone', 'This store keeps no such citation.');
    },
    there() {
      if (remote.away) throw new ExaError('offline', 'The store cannot be reached.');
    },
  };
  return remote;
}

function watched(desk: ReturnType<typeof keepDesk>) {
  let last: readonly KeptView[] = [];
  const stop = desk.watch({
    changed: (views) => {
      last = views;
    },
    failed: () => {},
  });
  return { names: () => last.map(({ id, place, pinned }) => `${id}@${place}${pinned ? '!' : ''}`), stop };
}

describe('saved views', () => {
  test('of this device and the store in one list, pinned first, known again by another coordinator', async () => {
    const small = memorySmallStore();
    const remote = fakeRemote();
    const desk = keepDesk(small, remote);
    const { names } = watched(desk);
    await desk.save(view('own-view-1'), 'device');
    await desk.save(view('shared-view', '2026-11-28T12:00:00.000Z'), 'store');
    await expect.poll(names).toEqual(['shared-view@store', 'own-view-1@device']);
    await desk.pin('own-view-1', true);
    await expect.poll(names).toEqual(['own-view-1@device!', 'shared-view@store']);
    remote.away = true;
    const { names: later } = watched(keepDesk(small, remote));
    await expect.poll(later).toEqual(['own-view-1@device!', 'shared-view@store']);
    await expect(desk.save(view('not-saved-1'), 'store')).rejects.toMatchObject({ tag: 'offline' });
    remote.away = false;
    await desk.remove('own-view-1', 'device');
    await desk.remove('shared-view', 'store');
    await expect.poll(names).toEqual([]);
  });

  test('what is kept in another shape is left out, and cannot be saved', async () => {
    const small = memorySmallStore();
    await small.set('view/odd', { id: 'odd', name: 7 });
    const desk = keepDesk(small, undefined);
    const { names } = watched(desk);
    await desk.save(view('good-view'), 'device');
    await expect.poll(names).toEqual(['good-view@device']);
    await expect(desk.save({ ...view('bad-view-1'), name: ' ' }, 'device')).rejects.toMatchObject({
      tag: 'corrupt',
    });
    await expect(desk.save(view('other-view'), 'store')).rejects.toMatchObject({ tag: 'missing' });
  });

  test('a citation nobody keeps is gone, one that only another device has says so, a store away is no answer', async () => {
    const remote = fakeRemote();
    const desk = keepDesk(memorySmallStore(), remote);
    await expect(desk.citation('a'.repeat(40))).rejects.toMatchObject({ tag: 'gone' });
    await expect(desk.citation('here-1234')).rejects.toMatchObject({
      tag: 'gone',
      message: expect.stringContaining('another device'),
    });
    remote.away = true;
    await expect(desk.citation('a'.repeat(40))).rejects.toMatchObject({ tag: 'offline' });
  });
});

import type { Row } from '../../protocol/change.ts';
import { ExaError } from '../../protocol/errors.ts';
import { FakeClient } from './fake-client.ts';
import { FakeKeep } from './fake-keep.ts';
import { emptyArrays, fakeHills, fakeSensors } from './fake-sensors.ts';
import { fakeShop } from './fake-shop.ts';
import type { FakeTable } from './fake-table.ts';

/** States a gallery shows every gadget in, in its order. */
export const galleryStates = [
  'ready',
  'loading',
  'stale',
  'failed',
  'failed-after',
  'empty',
  'long',
] as const;
export type GalleryState = (typeof galleryStates)[number];

const failure = new ExaError('broken', 'Could not read Orders: the store answered 500.', {
  facts: { dataset: 'orders', status: 500 },
});

/** A client whose gadgets come to be in a state, and stay there. */
export function clientIn(state: GalleryState): FakeClient {
  const [orders, clients] = fakeShop();
  const client = new FakeClient(
    [shown(orders, state), clients],
    state === 'empty' ? emptyArrays() : [fakeSensors(), fakeHills()],
  );
  client.keep = new FakeKeep((question) => client.answer(question));
  const { arrays } = client;
  if (state === 'loading') {
    client.held = true;
    client.fits.held = true;
    arrays.held = true;
  }
  if (state === 'stale') arrays.coverage = { mixed: true, chunks: 93, chunksTotal: 107 };
  if (state === 'failed') arrays.failure = failure;
  if (state === 'failed-after') arrays.afterwards = failure;
  if (state === 'stale')
    client.coverage = { mixed: true, blocks: 93, blocksTotal: 107, rows: 87, rowsTotal: 100 };
  if (state === 'stale') client.fits.coverage = { mixed: true };
  if (state === 'failed') {
    client.failure = failure;
    client.fits.failure = failure;
  }
  if (state === 'failed-after') {
    client.afterwards = failure;
    client.fits.afterwards = failure;
  }
  return client;
}

function shown(table: FakeTable, state: GalleryState): FakeTable {
  if (state === 'empty') return { head: { ...table.head, live: [0] }, rows: [] };
  return state === 'long' ? { ...table, rows: table.rows.map(long) } : table;
}

/** Texts that do not fit, one without spaces, and an amount of many digits. */
function long(row: Row): Row {
  return {
    ...row,
    c3: `${row.c3}, a name so long that no card is wide enough to show it whole`,
    c4: `${row.c4}_without_any_place_to_break_a_line_in_it`,
    c5: `${Number(row.c5) * 1e9}`.replace(/(\.\d\d)\d*$/, '$1'),
  };
}

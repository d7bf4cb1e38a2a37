import { expect, test } from 'vitest';
import { ViewTurn } from './view-turn.ts';

/** A host that counts how often it was asked to draw again. */
function hostOf() {
  let updates = 0;
  return {
    addController() {},
    removeController() {},
    requestUpdate() {
      updates++;
    },
    updateComplete: Promise.resolve(true),
    get updates() {
      return updates;
    },
  };
}

const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

test('a first view is drawn at once, another one in a task of its own', async () => {
  const host = hostOf();
  const turn = new ViewTurn(host);
  expect(turn.isTurn('home')).toBe(true);
  expect(turn.isTurn('orders')).toBe(false);
  await Promise.resolve();
  expect(turn.isTurn('orders')).toBe(false);
  await nextTask();
  expect(host.updates).toBe(1);
  expect(turn.isTurn('orders')).toBe(true);
});

test('of two views gone to within a task the last is drawn', async () => {
  const host = hostOf();
  const turn = new ViewTurn(host);
  turn.isTurn('home');
  turn.isTurn('orders');
  turn.isTurn('clients');
  await nextTask();
  expect(host.updates).toBe(1);
  expect(turn.isTurn('clients')).toBe(true);
  expect(turn.isTurn('home')).toBe(false);
  turn.isTurn('clients');
  await nextTask();
  expect(turn.isTurn('clients')).toBe(true);
});

test('there and back within a task: what was drawn stays, and the next view has its turn', async () => {
  const host = hostOf();
  const turn = new ViewTurn(host);
  turn.isTurn('home');
  turn.isTurn('orders');
  expect(turn.isTurn('home')).toBe(true);
  await nextTask();
  expect(turn.isTurn('home')).toBe(true);
  expect(turn.isTurn('orders')).toBe(false);
  await nextTask();
  expect(turn.isTurn('orders')).toBe(true);
});

import { describe, expect, it } from 'vitest';
import type { PageCalls } from '../protocol/messages.ts';
import { linkTo } from './link.ts';
import { type Handlers, serve, type Wire, wireOf } from './rpc.ts';

function silentWire(): Wire {
  return { post() {}, listen() {}, close() {} };
}

function answeringWire(answers: Partial<Handlers<PageCalls>>): Wire {
  const { port1, port2 } = new MessageChannel();
  serve<PageCalls>(wireOf(port2), answers as Handlers<PageCalls>);
  return wireOf(port1);
}

describe('a link to a coordinator', () => {
  it('replaces one that falls silent, and sends what is open again', async () => {
    const ticks: (() => void)[] = [];
    const timers: (() => void)[] = [];
    const greeted: number[] = [];
    let generations = 0;
    const report = { keeps: 'memory' as const, maxBytes: 1, bytes: 0, datasets: [] };
    const link = linkTo({
      connect(generation) {
        generations = generation;
        return generation === 0 ? silentWire() : answeringWire({ storage: () => report });
      },
      greet: () => greeted.push(generations),
      every(_, task) {
        ticks.push(task);
        return () => {};
      },
      after(_, task) {
        timers.push(task);
        return () => {};
      },
    });
    const asked = link.call('storage', undefined);
    ticks[0]!();
    expect(timers).toHaveLength(1);
    timers[0]!();
    expect(await asked).toEqual(report);
    expect(greeted).toEqual([0, 1]);
    link.close();
  });

  it('leaves alone one that answers its ping', async () => {
    const ticks: (() => void)[] = [];
    let pinged = 0;
    let started = 0;
    const link = linkTo({
      connect() {
        started++;
        return answeringWire({
          ping: () => {
            pinged++;
            return undefined;
          },
          storage: () => new Promise(() => {}),
        });
      },
      greet() {},
      every(_, task) {
        ticks.push(task);
        return () => {};
      },
      after: () => () => {},
    });
    link.call('storage', undefined).catch(() => {});
    ticks[0]!();
    await expect.poll(() => pinged).toBe(1);
    expect(started).toBe(1);
    link.close();
  });

  it('rejects everything open when it is closed', async () => {
    const link = linkTo({ connect: silentWire, greet() {}, every: () => () => {}, after: () => () => {} });
    const asked = link.call('storage', undefined);
    link.close();
    await expect(asked).rejects.toMatchObject({ tag: 'cancelled' });
    await expect(link.call('storage', undefined)).rejects.toMatchObject({ tag: 'cancelled' });
  });
});

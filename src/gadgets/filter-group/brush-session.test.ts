import { expect, test } from 'vitest';
import type { Brush, DataClient } from '../../protocol/client.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { AggregateQuestion, BrushRequest, Filter } from '../../protocol/query.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { openBrush } from './brush-session.ts';
import type { BrushFollower } from './group.ts';

const range = { dataset: 'd', column: 'at', from: 0, to: 10, bins: 10 };

function follower(id: string, dataset = 'd'): BrushFollower & { shown: (Uint8Array | undefined)[] } {
  const question: AggregateQuestion = {
    kind: 'aggregate',
    dataset,
    groupBy: [],
    measures: [{ measure: id }],
  };
  const shown: (Uint8Array | undefined)[] = [];
  return { id, shown, brushQuestion: () => question, showSlice: (bytes) => shown.push(bytes) };
}

/** A client that makes brushes when told to, and frames that run when told to. */
function bench(refuse: (request: BrushRequest) => boolean = () => false) {
  const calls = { requests: [] as BrushRequest[], slices: [] as number[][], closed: 0, aborted: 0 };
  const frames: (() => void)[] = [];
  const committed: (Filter | undefined)[] = [];
  const failures: ExaError[] = [];
  const client: DataClient = Object.assign(new FakeClient([]), {
    brush: async (request: BrushRequest, options: { signal?: AbortSignal } = {}): Promise<Brush> => {
      calls.requests.push(request);
      options.signal?.addEventListener('abort', () => calls.aborted++);
      if (refuse(request)) throw new ExaError('invalid', 'Too many groups.');
      return {
        slice: (start, end) => {
          calls.slices.push([start, end]);
          return request.questions.map(() => new Uint8Array([start, end]));
        },
        close: () => calls.closed++,
      };
    },
  });
  const host = {
    client,
    commit: (filter: Filter | undefined) => committed.push(filter),
    failed: (error: ExaError) => failures.push(error),
    nextFrame: (run: () => void) => frames.push(run),
  };
  const frame = (): void => {
    for (const run of frames.splice(0)) run();
  };
  const settle = () => new Promise((done) => setTimeout(done));
  return { calls, committed, failures, frame, host, settle };
}

test('of several moves in a frame only the last is sliced, for all followers of the data set', async () => {
  const { calls, frame, host, settle } = bench();
  const [a, b, foreign] = [follower('a'), follower('b'), follower('c', 'other')];
  const session = openBrush(host, range, [a, b, foreign], ['trend']);
  session.move(0, 1);
  await settle();
  session.move(0, 2);
  session.move(0, 3);
  frame();
  expect(calls.requests).toHaveLength(1);
  expect(calls.slices).toEqual([[0, 3]]);
  expect(a.shown).toEqual([new Uint8Array([0, 3])]);
  expect(b.shown).toHaveLength(1);
  expect(foreign.shown).toHaveLength(0);
});

test('a release commits, frees the cube, and lets followers go after their new questions', async () => {
  const { calls, committed, frame, host, settle } = bench();
  const a = follower('a');
  const session = openBrush(host, range, [a], ['trend']);
  await settle();
  session.commit({ op: 'range', column: 'at', from: 0, to: 3 });
  session.commit(undefined);
  session.move(0, 5);
  expect(committed).toHaveLength(1);
  expect(calls.closed).toBe(1);
  expect(a.shown).toEqual([]);
  frame();
  frame();
  expect(a.shown).toEqual([undefined]);
  expect(calls.slices).toEqual([]);
});

test('leaving before the cube is there aborts it, and one that comes late is freed', async () => {
  const { calls, failures, host, settle } = bench();
  const session = openBrush(host, range, [follower('a')], ['trend']);
  session.cancel();
  await settle();
  expect(calls.aborted).toBe(1);
  expect(calls.closed).toBe(1);
  expect(failures).toEqual([]);
});

test('a follower with too many groups does not stop the others', async () => {
  const tooMany = (request: BrushRequest): boolean => JSON.stringify(request).includes('"big"');
  const { calls, failures, frame, host, settle } = bench(tooMany);
  const [a, big] = [follower('a'), follower('big')];
  const session = openBrush(host, range, [a, big], ['trend']);
  await settle();
  session.move(1, 2);
  frame();
  expect(calls.requests).toHaveLength(3);
  expect(a.shown).toHaveLength(1);
  expect(big.shown).toHaveLength(0);
  expect(failures.map(({ tag }) => tag)).toEqual(['invalid']);
});

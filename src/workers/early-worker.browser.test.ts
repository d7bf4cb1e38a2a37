import { expect, test } from 'vitest';
import { earlyWorker } from './early-worker.ts';

const workerOf = (script: string): Worker =>
  new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })));
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test('what a worker says before it is taken is said again, in order and once', async () => {
  const worker = workerOf('postMessage(1); postMessage(2); onmessage = ({ data }) => postMessage(data);');
  const said = new Promise<void>((resolve) =>
    worker.addEventListener('message', ({ data }) => data === 2 && resolve()),
  );
  const early = earlyWorker(worker);
  await said;
  await pause(0);
  const heard: unknown[] = [];
  const third = new Promise<void>((resolve) => {
    early.take().onmessage = ({ data }) => {
      heard.push(data);
      if (data === 3) resolve();
    };
  });
  worker.postMessage(3);
  await third;
  expect(heard).toEqual([1, 2, 3]);
  worker.terminate();
});

test('one that was told where to coordinate is handed over with the port to it, once', async () => {
  const worker = workerOf('onmessage = ({ data: { port, place } }) => port.postMessage("at " + place);');
  const early = earlyWorker(worker);
  early.coordinate('here');
  early.coordinate('elsewhere');
  const taken = early.take();
  const other = workerOf('');
  expect(early.portTo(other, 'here')).toBeUndefined();
  const port = early.portTo(taken, 'here');
  if (!(port instanceof MessagePort)) throw new Error('There is no port.');
  const said = new Promise<unknown>((resolve) => {
    port.onmessage = ({ data }) => resolve(data);
  });
  expect(await said).toBe('at here');
  expect(early.portTo(taken, 'here')).toBeUndefined();
  for (const one of [worker, other]) one.terminate();
});

test('one that coordinates elsewhere is gone; one handed over takes no orders of the page', async () => {
  const elsewhere = earlyWorker(workerOf(''));
  elsewhere.coordinate('there');
  const taken = elsewhere.take();
  expect(elsewhere.portTo(taken, 'here')).toBe('gone');
  const late = earlyWorker(workerOf('onmessage = () => postMessage("ordered");'));
  const worker = late.take();
  late.coordinate('here');
  expect(late.portTo(worker, 'here')).toBeUndefined();
  let heard = false;
  worker.onmessage = () => {
    heard = true;
  };
  await pause(200);
  expect(heard).toBe(false);
  worker.terminate();
});

test('one that could not be started says so when it is taken', async () => {
  const worker = workerOf('throw new Error("not this build");');
  const early = earlyWorker(worker);
  const failed = new Promise<void>((resolve) => worker.addEventListener('error', () => resolve()));
  await failed;
  await pause(0);
  const again = new Promise<Event>((resolve) => {
    early.take().onerror = resolve as never;
  });
  expect((await again).type).toBe('error');
});

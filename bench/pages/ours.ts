import { openAnswer } from '../../src/arrow/answer-table.ts';
import type { Answer } from '../../src/protocol/answer.ts';
import type { DataClient } from '../../src/protocol/client.ts';
import type { AggregateQuestion, Question } from '../../src/protocol/query.ts';
import { openWorkbenchClient } from '../../src/workers/client.ts';
import { active, bounds, filterOf, questions } from '../crossfilter-work.ts';

let client: DataClient;

export async function open(storeUrl: string): Promise<void> {
  client = await openWorkbenchClient({ storeUrl });
}

/** Resolves with the first answer that `accept` takes; milliseconds since the subscription. */
export function until(
  question: Question,
  accept: (answer: Answer) => boolean,
): Promise<{ ms: number; answer: Answer }> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const end = client.subscribe(question, {
      next(answer) {
        if (!accept(answer)) return;
        resolve({ ms: performance.now() - began, answer });
        queueMicrotask(() => end());
      },
      failed: reject,
    });
  });
}

const local = (answer: Answer) => answer.coverage.settled && answer.coverage.from === 'cache';

/** Holds a question on every column until its pages are here and decoded; milliseconds. */
export async function bringHere(dataset: string): Promise<number> {
  const waits = questions(dataset, filterOf(0)).map((question) => until(question, local));
  return Math.max(...(await Promise.all(waits)).map(({ ms }) => ms));
}

/** The five aggregations under a filter never asked before: milliseconds until the last answer is on this thread. */
export async function first(
  dataset: string,
  round: number,
): Promise<{ ms: number; checks: number[]; from: string[] }> {
  const began = performance.now();
  const answers = await Promise.all(
    questions(dataset, filterOf(round)).map((question) => client.ask(question)),
  );
  const tables = answers.map((answer) => openAnswer(answer.bytes));
  const ms = performance.now() - began;
  return {
    ms,
    from: answers.map((answer) => answer.coverage.from),
    checks: tables.map((table) => table.numbers('n').reduce((sum, value) => sum + value, 0)),
  };
}

/** The cube of the four views beside the brushed one, and 200 brushes over it. */
export async function brush(dataset: string, round: number): Promise<{ buildMs: number; brushMs: number[] }> {
  const where = { op: 'range', column: 'orders', from: bounds(round).orders + (round % 7) } as const;
  const passive: AggregateQuestion[] = questions(dataset, where).filter((_, i) => i !== 3);
  const began = performance.now();
  const cube = await client.brush({ dataset, active, questions: passive });
  const buildMs = performance.now() - began;
  const brushMs: number[] = [];
  for (let i = 0; i < 200; i++) {
    const start = (i * 7) % 300;
    const from = performance.now();
    for (const bytes of cube.slice(start, start + 20 + (i % 45))) openAnswer(bytes).numbers('total');
    brushMs.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  cube.close();
  return { buildMs, brushMs };
}

/** Milliseconds until a question's answer comes from pages kept here. */
export async function answerHere(question: Question): Promise<number> {
  return (await until(question, local)).ms;
}

let watched: { version: number; at: number } | undefined;

/** Keeps a question alive and remembers when each version's settled answer arrived. */
export function watch(question: Question): void {
  client.subscribe(question, {
    next(answer) {
      if (answer.coverage.settled)
        watched = { version: answer.coverage.version, at: performance.now() + performance.timeOrigin };
    },
  });
}

/** Epoch milliseconds at which an answer as of `version` or later had arrived. */
export async function arrived(version: number): Promise<number> {
  while (!watched || watched.version < version) await new Promise((resolve) => setTimeout(resolve, 1));
  return watched.at;
}

export async function keptBytes(): Promise<number> {
  return (await client.storage()).bytes;
}

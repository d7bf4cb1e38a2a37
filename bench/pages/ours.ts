import { type AnswerTable, openAnswer } from '../../src/arrow/answer-table.ts';
import type { Question } from '../../src/protocol/query.ts';
import { openWorkbenchClient, type WorkbenchClient } from '../../src/workers/client.ts';
import type { Check } from '../check.ts';
import { active, countOf, cubeQuestions, filterOf, questions } from '../crossfilter-work.ts';

let client: WorkbenchClient;

export function open(storeUrl: string): void {
  // What the workbench hands it: the last session stands at once.
  client = openWorkbenchClient({
    storeUrl,
    page: { kept: localStorage, here: () => '/', leaveFor() {}, startOver() {} },
  });
}

/** The client opened, for gadgets. */
export function opened(): WorkbenchClient {
  return client;
}

/** Watches a question until at least `pages` are kept here, partials among them, and no more come; milliseconds. */
export async function bringHere(question: Question, pages: number): Promise<number> {
  const began = performance.now();
  const end = client.subscribe(question, { next() {} });
  const kept: number[] = [];
  const hasAll = (count: number) => count >= pages && kept.length > 60 && kept[kept.length - 60] === count;
  while (!hasAll(kept[kept.push(await keptPages()) - 1]!))
    await new Promise((resolve) => setTimeout(resolve, 50));
  end();
  return performance.now() - began;
}

function checkOf(table: AnswerTable): Check {
  const sum = (name: string) => table.numbers(name).reduce((total, value) => total + value, 0);
  return { groups: table.rows, rows: sum('n'), total: sum('total') };
}

/** Milliseconds of a question that reads all five columns of every row and does no more than count. */
export async function columns(dataset: string, round: number): Promise<{ ms: number; from: string }> {
  const began = performance.now();
  const { coverage } = await client.ask(countOf(dataset, round));
  return { ms: performance.now() - began, from: coverage.from };
}

/** The five aggregations under a filter never asked before: milliseconds until the last answer is on this thread. */
export async function first(
  dataset: string,
  round: number,
): Promise<{ ms: number; from: string[]; checks: Check[] }> {
  const began = performance.now();
  const answers = await Promise.all(
    questions(dataset, filterOf(round)).map((question) => client.ask(question)),
  );
  const tables = answers.map((answer) => openAnswer(answer.bytes));
  const ms = performance.now() - began;
  return { ms, from: answers.map((answer) => answer.coverage.from), checks: tables.map(checkOf) };
}

/**
 * The cube of the four views beside the brushed one, and `steps` brushes over it: each from a message that stands for
 * the pointer event to the last answer opened on this thread.
 */
export async function brush(
  dataset: string,
  round: number,
  steps: readonly (readonly [number, number])[],
): Promise<{ buildMs: number; brushMs: number[]; checks: Check[] }> {
  const began = performance.now();
  const cube = await client.brush({ dataset, active, questions: cubeQuestions(dataset, round) });
  const buildMs = performance.now() - began;
  const brushMs: number[] = [];
  let tables: AnswerTable[] = [];
  for (const [start, end] of steps) {
    const from = performance.now();
    tables = cube.slice(start, end).map(openAnswer);
    for (const table of tables) table.numbers('total');
    brushMs.push(performance.now() - from);
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  const checks = tables.map(checkOf);
  cube.close();
  return { buildMs, brushMs, checks };
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

/** Pages kept in this browser, of all data sets. */
export async function keptPages(): Promise<number> {
  return (await client.storage()).datasets.reduce((sum, { pages }) => sum + pages, 0);
}

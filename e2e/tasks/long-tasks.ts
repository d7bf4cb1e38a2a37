import type { Page } from '@playwright/test';
import type { Act } from './person.ts';

/** A task of the page's thread that took more than 50 ms. */
export interface LongTask {
  readonly ms: number;
  /** What the person had done last when it ended. */
  readonly after: string;
  /** Milliseconds by what took them: the page's scripts, and drawing ("style and layout"). */
  readonly parts: Readonly<Record<string, number>>;
  /**
   * Whether the page's scripts or drawing took any of it worth naming. Playwright's looks for elements run on the page's
   * thread too, in a world of their own, and are reported as tasks in which no script of the page did anything.
   */
  readonly isPages: boolean;
}

/** Share of a task below which what a page's script or drawing did in it does not make it the page's. */
const leastShare = 0.05;

/** Long tasks and the frames they belong to, as the page's thread reports them; ms on its clock. */
interface Reported {
  readonly start: number;
  readonly ms: number;
}
interface ReportedFrame extends Reported {
  /** Where drawing begins; 0 where nothing was drawn. */
  readonly drawing: number;
  readonly scripts: readonly (Reported & { readonly what: string })[];
}

/** The long tasks since `from` on the page's clock (ms), with what was done and what took the time; longest first. */
export async function longTasks(page: Page, from: number, acts: readonly Act[]): Promise<LongTask[]> {
  const { origin, tasks, frames } = await page.evaluate(read, from);
  return tasks
    .map((task) => {
      const parts = partsOf(task, frames);
      return {
        ms: Math.round(task.ms),
        after: acts.findLast(({ at }) => at <= origin + task.start + task.ms)?.what ?? 'nothing yet',
        parts,
        isPages: Object.values(parts).reduce((sum, part) => sum + part, 0) >= leastShare * task.ms,
      };
    })
    .sort((a, b) => b.ms - a.ms);
}

/** Runs in the page. */
function read(
  from: number,
): Promise<{ readonly origin: number; readonly tasks: Reported[]; readonly frames: ReportedFrame[] }> {
  type Entry = PerformanceEntry & {
    readonly styleAndLayoutStart: number;
    readonly scripts: readonly (PerformanceEntry & {
      readonly invoker: string;
      readonly sourceURL: string;
      readonly sourceFunctionName: string;
    })[];
  };
  const tasks: Reported[] = [];
  const frames: ReportedFrame[] = [];
  const spanOf = ({ startTime, duration }: PerformanceEntry): Reported => ({
    start: startTime,
    ms: duration,
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) if (entry.startTime >= from) tasks.push(spanOf(entry));
  }).observe({ type: 'longtask', buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries() as Entry[])
      frames.push({
        ...spanOf(entry),
        drawing: entry.styleAndLayoutStart,
        scripts: entry.scripts.map((script) => ({
          ...spanOf(script),
          what: `${script.invoker} ${script.sourceFunctionName} ${script.sourceURL.replace(/.*\//, '')}`,
        })),
      });
  }).observe({ type: 'long-animation-frame', buffered: true });
  return new Promise((resolve) => {
    setTimeout(() => resolve({ origin: performance.timeOrigin, tasks, frames }), 100);
  });
}

/** What of a task falls to each script, and to drawing. */
function partsOf(task: Reported, frames: readonly ReportedFrame[]): Record<string, number> {
  const parts: Record<string, number> = {};
  const add = (what: string, start: number, end: number): void => {
    const ms = Math.round(Math.min(end, task.start + task.ms) - Math.max(start, task.start));
    if (ms > 0) parts[what] = (parts[what] ?? 0) + ms;
  };
  for (const { start, ms, drawing, scripts } of frames) {
    for (const script of scripts) add(script.what, script.start, script.start + script.ms);
    if (drawing > 0) add('style and layout', drawing, start + ms);
  }
  return parts;
}

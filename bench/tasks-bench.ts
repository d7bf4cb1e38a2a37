import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LongTask } from '../e2e/tasks/long-tasks.ts';
import { type Figures, median } from './figures.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');

interface Report {
  readonly suites: readonly Suite[];
}
interface Suite {
  readonly suites?: readonly Suite[];
  readonly specs?: readonly {
    readonly tests: readonly {
      readonly annotations: readonly { readonly type: string; readonly description?: string }[];
    }[];
  }[];
}

/** Runs the twelve tasks as Playwright does, and reads what they noted. */
export function benchTasks(figures: Figures): void {
  const directory = mkdtempSync(join(tmpdir(), 'exanalytics-tasks-'));
  const file = join(directory, 'report.json');
  try {
    execFileSync(
      process.execPath,
      [
        join(root, 'node_modules/@playwright/test/cli.js'),
        'test',
        'e2e/tasks',
        '--workers=1',
        '--reporter=json',
      ],
      {
        cwd: root,
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...process.env, EXANALYTICS_LONG: '1', PLAYWRIGHT_JSON_OUTPUT_NAME: file },
      },
    );
  } catch {
    // Tasks that fail are not counted: the report says which passed.
  }
  const notes = existsSync(file) ? notesOf(JSON.parse(readFileSync(file, 'utf8')) as Report) : [];
  rmSync(directory, { recursive: true, force: true });
  const of = (type: string): string[] =>
    notes.filter((note) => note.type === type).map(({ description }) => description ?? '');
  // "MODE N mouse: CLICKS"
  const passed = of('clicks').map((text) => /^(\S+) (\d+) (\S+): (\d+)$/.exec(text)?.slice(1) ?? []);
  const modes = ['online', 'offline', 'without'];
  const whole = new Set(
    passed
      .map(([, task]) => task)
      .filter((task) =>
        modes.every((mode) =>
          ['mouse', 'keyboard'].every((by) =>
            passed.some((one) => one[0] === mode && one[1] === task && one[2] === by),
          ),
        ),
      ),
  );
  const clicks = passed.filter(([, , by]) => by === 'mouse').map(([, , , count]) => Number(count));
  if (clicks.length > 0)
    figures.set('tasks/clicks-median', median(clicks), 'clicks', `${clicks.length} tasks by mouse`);
  figures.set(
    'tasks/all-pass',
    whole.size,
    'tasks',
    `in all three modes, by mouse and by keyboard; ${passed.length} of 72 runs passed`,
  );
  const seconds = of('insight').map(Number);
  if (seconds.length > 0)
    figures.set('insight/seconds', Math.max(...seconds), 's', 'drop to trend, the slower of the modes');
  const long = of('longest-task')
    .map((text) => JSON.parse(text) as RunsTask)
    .sort((a, b) => b.ms - a.ms);
  const own = long.filter(({ isPages }) => isPages);
  const [other] = long.filter(({ isPages }) => !isPages);
  const most = own.slice(0, 5).map(inWords);
  if (own[0])
    figures.set(
      'interaction/longest-task-ms',
      own[0].ms,
      'ms',
      `of the page’s thread, the longest of each run: ${most.join('; ')}. Not the page’s: ${other ? inWords(other) : 'none'}`,
    );
  for (const words of most) console.log(`    ${words}`);
  if (other) console.log(`    not the page’s: ${inWords(other)}`);
}

/** The longest task of one run, the page's own or another's. */
type RunsTask = LongTask & { readonly run: string };

/** "134 ms in online 12 mouse after “press …”: 120 ms style and layout": what took a twentieth of it or more. */
function inWords({ ms, run, after, parts }: RunsTask): string {
  const most = Object.entries(parts)
    .filter(([, part]) => part >= ms / 20)
    .sort(([, a], [, b]) => b - a)
    .map(([what, part]) => `${part} ms ${what}`);
  return `${ms} ms in ${run} after “${after}”: ${most.join(', ') || 'no script of the page'}`;
}

function notesOf(report: Report): { readonly type: string; readonly description?: string }[] {
  const walk = (suite: Suite): { readonly type: string; readonly description?: string }[] => [
    ...(suite.specs ?? []).flatMap(({ tests }) => tests.flatMap(({ annotations }) => annotations)),
    ...(suite.suites ?? []).flatMap(walk),
  ];
  return report.suites.flatMap(walk);
}

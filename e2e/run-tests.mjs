// What `npm test` runs: types and lint, unit, browser, end to end, in that order, whatever fails on the way.
// Its last line counts them all: `N passed, N failed`, with `, N skipped` when any were.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from '../store/cli/setup.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const reports = mkdtempSync(join(tmpdir(), 'exanalytics-tests-'));
const total = { passed: 0, failed: 0, skipped: 0 };
/** What failed, said once more at the end, where it is looked for. */
const failures = [];

/** Runs a tool of node_modules with its output passed on; resolves to its exit code. */
function run(script, args, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'node_modules', script), ...args], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

function count(name, { passed = 0, failed = 0, skipped = 0 }) {
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
  console.log(`\n== ${name}: ${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}\n`);
}

/** A check without tests of its own counts as one. */
async function check(name, script, args) {
  console.log(`\n== ${name}`);
  const code = await run(script, args);
  if (code !== 0) failures.push(name);
  count(name, code === 0 ? { passed: 1 } : { failed: 1 });
}

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A runner that ends badly without a failed test (it could not start, or an error escaped) counts as one failed. */
function atLeastOne(code, counts) {
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function vitest(project) {
  console.log(`\n== ${project}`);
  const file = join(reports, `${project}.json`);
  const code = await run('vitest/vitest.mjs', [
    'run',
    `--project=${project}`,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
    '--passWithNoTests',
  ]);
  const report = readReport(file);
  for (const { name, message, assertionResults } of report?.testResults ?? []) {
    const broken = assertionResults.filter(({ status }) => status === 'failed');
    for (const { fullName, failureMessages } of broken)
      failures.push(
        `${project}: ${relative(root, name)}: ${fullName}\n  ${failureMessages[0]?.slice(0, 2000)}`,
      );
    if (message && broken.length === 0) failures.push(`${project}: ${relative(root, name)}: ${message}`);
  }
  const unloaded = report?.testResults.filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  );
  count(
    project,
    atLeastOne(code, {
      passed: report?.numPassedTests ?? 0,
      failed: (report?.numFailedTests ?? 0) + (unloaded?.length ?? 0),
      skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
    }),
  );
}

function listFailed({ suites = [], specs = [] }) {
  for (const { ok, file, title, tests } of specs)
    if (!ok)
      failures.push(
        `end to end: ${file}: ${title}\n  ${tests[0]?.results.at(-1)?.error?.message?.slice(0, 2000)}`,
      );
  for (const suite of suites) listFailed(suite);
}

async function endToEnd() {
  console.log('\n== end to end');
  const file = join(reports, 'e2e.json');
  const code = await run(
    '@playwright/test/cli.js',
    ['test', '--reporter=list,json', '--pass-with-no-tests'],
    { PLAYWRIGHT_JSON_OUTPUT_NAME: file, PLAYWRIGHT_JSON_OUTPUT_FILE: file },
  );
  const report = readReport(file);
  for (const suite of report?.suites ?? []) listFailed(suite);
  const stats = report?.stats;
  count(
    'end to end',
    atLeastOne(code, {
      passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
      failed: stats?.unexpected ?? 0,
      skipped: stats?.skipped ?? 0,
    }),
  );
}

/** Whether Playwright has downloaded a Chromium of its own. */
async function hasPlaywrightChromium() {
  const { chromium } = await import('@playwright/test');
  return existsSync(chromium.executablePath());
}

await check('types', 'typescript/bin/tsc', ['-b']);
await check('lint', '@biomejs/biome/bin/biome', ['ci', '.']);
await vitest('unit');
if (findChromium() || (await hasPlaywrightChromium())) {
  await vitest('browser');
  await endToEnd();
} else {
  console.log(
    '\n== SKIPPED: browser and end-to-end tests, for there is no Chromium here (set EXANALYTICS_CHROMIUM to one).',
  );
  total.skipped += 2;
}
rmSync(reports, { recursive: true, force: true });
if (failures.length > 0) console.log(`\n== failed\n\n${failures.join('\n\n')}\n`);
console.log(
  `${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`,
);
process.exitCode = total.failed > 0 ? 1 : 0;

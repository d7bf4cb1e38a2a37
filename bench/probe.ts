import { writeFileSync } from 'node:fs';
import { blockRows } from '../src/protocol/column.ts';
import { plainProfile } from '../src/protocol/plain-profile.ts';
import { buildPages } from './build-pages.ts';
import { clientRows, clientsColumns } from './clients-table.ts';
import { filterOf, questions } from './crossfilter-work.ts';
import { loadTable } from './load-table.ts';
import { openStage } from './stage.ts';
declare const bench: any;
export async function run(_args: readonly string[], { build }: any): Promise<void> {
  const stage = await openStage(await buildPages(build));
  const profile = await stage.profile();
  const rows = clientRows;
  const dataset = await loadTable(stage.store.url, 'bench-clients', rows, (s: number, e: number) => clientsColumns(s, e), plainProfile('Clients'));
  const { page, context, close } = await profile.open();
  await page.evaluate((u: string) => bench.ours.open(u), stage.store.url);
  await page.evaluate(async ({ all, pages }: any) => { await Promise.all(all.map((q: any) => bench.ours.bringHere(q, pages))); }, { all: questions(dataset, filterOf(0)), pages: 5 * Math.ceil(rows / blockRows) });
  context.on('console', (m) => console.log('LOG', m.text().slice(0, 600)));
  for (const w of page.workers()) w.on('console', (m) => console.log('LOG', m.text().slice(0, 600)));
  let round = 1000;
  const first = () => page.evaluate((ask: any) => bench.ours.first(ask.dataset, ask.round), { dataset, round: ++round }) as Promise<{ ms: number }>;
  for (let i = 0; i < 4; i++) console.log('warm', (await first()).ms);
  const cdp = await context.browser()?.newBrowserCDPSession() ?? await context.newCDPSession(page);
  const ms: number[] = [];
  const events: any[] = [];
  cdp.on('Tracing.dataCollected' as never, (e: any) => void events.push(...e.value));
  await cdp.send('Tracing.start' as never, { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['toplevel'] } } as never);
  for (let i = 0; i < 40; i++) { ms.push((await first()).ms); await page.waitForTimeout(30); }
  const done = new Promise((r) => cdp.once('Tracing.tracingComplete' as never, r as never));
  await cdp.send('Tracing.end' as never);
  await done;
  const names = new Map(events.filter((e) => e.name === 'thread_name').map((e) => [`${e.pid}/${e.tid}`, e.args.name]));
  const cpu = new Map<string, number>();
  for (const e of events) if (e.ph === 'X' && e.name === 'ThreadControllerImpl::RunTask') cpu.set(`${e.pid}/${e.tid}`, (cpu.get(`${e.pid}/${e.tid}`) ?? 0) + (e.tdur ?? 0));
  const sorted = ms.slice().sort((a, b) => a - b);
  console.log('plain min', sorted[0]!.toFixed(0), 'q1', sorted[10]!.toFixed(0), 'median', sorted[20]!.toFixed(0));
  for (const [k, v] of [...cpu].sort((a, b) => b[1] - a[1]).slice(0, 4)) console.log('cpu', names.get(k), (v / 40000).toFixed(1), 'ms a round');
  await close(); await profile.remove(); await stage.close();
}

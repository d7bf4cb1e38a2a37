import { spawnSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type StoreProcess, startStore } from './store-process.ts';
import { ask, importText, writeRows } from './workbench.ts';

/** Kills of the store; `EXANALYTICS_LONG=1` makes them 100. */
const kills = process.env.EXANALYTICS_LONG === '1' ? 100 : 10;
/** Every so many kills one comes in the middle of an import. */
const importEvery = 3;

const header = 'id,country,amount';

async function total(store: StoreProcess, dataset: string): Promise<{ n: number; distinct: number }> {
  const answer = await ask(store.url, {
    kind: 'aggregate',
    dataset,
    groupBy: [],
    measures: [
      { id: 'n', label: '', formula: 'count()', format: 'count' },
      { id: 'distinct', label: '', formula: 'distinct(id)', format: 'count' },
    ],
  });
  return { n: Number(answer.value('n')), distinct: Number(answer.value('distinct')) };
}

async function idsOf(store: StoreProcess, dataset: string): Promise<Set<number>> {
  const answer = await ask(store.url, {
    kind: 'rows',
    dataset,
    columns: ['c1'],
    order: [],
    offset: 0,
    limit: 10_000,
  });
  return new Set(answer.rows.map((row) => Number(row[1])));
}

test(`SIGKILL of the store ${kills} times during writes and imports: acknowledged is found again`, async () => {
  test.setTimeout(120_000 + kills * 15_000);
  const store = await startStore();
  try {
    await importText(store, `${header}\n0,France,1.00\n`, 'sales', '--key', 'id');
    const file = join(dirname(store.dataDir), 'many.csv');
    await writeFile(
      file,
      [header, ...Array.from({ length: 200_000 }, (_, i) => `${i},Spain,${i}.50`)].join('\n'),
    );
    const acknowledged = new Set([0]);
    const imported = new Set<string>();
    let next = 1;
    for (let kill = 0; kill < kills; kill++) {
      const name = `import_${kill}`;
      const importing =
        kill % importEvery === 0
          ? store.command('import', file, '--as', name, '--store', store.url).then(({ code }) => {
              if (code === 0) imported.add(name);
            })
          : undefined;
      let going = true;
      const wanted = acknowledged.size + 1 + ((kill * 7) % 12);
      const writing = [0, 1, 2].map(async () => {
        while (going) {
          const id = next++;
          const answer = await writeRows(store.url, 'sales', 'upsert', `write-${id}`, {
            id,
            country: 'Italy',
            amount: '2.00',
          }).catch(() => undefined);
          if (!answer) return;
          // Acknowledged is what was answered whole.
          if (answer.ok && (await answer.text().catch(() => '')) !== '') acknowledged.add(id);
        }
      });
      await expect.poll(() => acknowledged.size, { intervals: [5] }).toBeGreaterThanOrEqual(wanted);
      await store.kill();
      going = false;
      await Promise.all([...writing, importing]);
      await store.start();
      const found = await idsOf(store, 'sales');
      expect([...acknowledged].filter((id) => !found.has(id))).toEqual([]);
      const { n, distinct } = await total(store, 'sales');
      expect(n).toBe(distinct);
      // An import is there whole, or not at all.
      const list = (await (await fetch(`${store.url}/api/datasets`)).json()) as {
        datasets: { id: string; name: string; rows: number }[];
      };
      const there = new Map(list.datasets.map((dataset) => [dataset.name, dataset.rows]));
      for (const one of imported) expect(there.get(one), one).toBe(200_000);
      for (const [one, rows] of there) if (one.startsWith('import_')) expect(rows, one).toBe(200_000);
    }
    // The same keys again: receipts, no second rows.
    const before = await total(store, 'sales');
    const last = [...acknowledged].at(-1)!;
    const again = await writeRows(store.url, 'sales', 'upsert', `write-${last}`, {
      id: last,
      country: 'Italy',
      amount: '2.00',
    });
    expect(again.status).toBe(200);
    expect(await total(store, 'sales')).toEqual(before);
  } finally {
    await store.remove();
  }
});

test('every acknowledged write is on disk: no fewer fsyncs than acknowledgements', async () => {
  const hasStrace = spawnSync('strace', ['-V']).error === undefined;
  if (!hasStrace) console.log('SKIPPED: strace is not here, so fsyncs go uncounted.');
  test.skip(!hasStrace, 'strace is not here, so fsyncs go uncounted.');
  const trace = join(test.info().outputPath('fsync.txt'));
  const store = await startStore({
    wrap: ['strace', '-D', '-f', '-qq', '-e', 'trace=fsync,fdatasync', '-o', trace],
  });
  try {
    await importText(store, `${header}\n0,France,1.00\n`, 'sales', '--key', 'id');
    const count = async () =>
      (await readFile(trace, 'utf8')).split('\n').filter((line) => /sync\(/.test(line)).length;
    const before = await count();
    const writes = 20;
    for (let id = 1; id <= writes; id++)
      expect((await writeRows(store.url, 'sales', 'upsert', `w${id}`, { id, country: 'Peru' })).status).toBe(
        200,
      );
    expect((await count()) - before).toBeGreaterThanOrEqual(writes);
  } finally {
    await store.remove();
  }
});

test('a full disk: one sentence, nothing half-written, and writes go on once there is space', async () => {
  test.setTimeout(180_000);
  const hasPrlimit = spawnSync('prlimit', ['--version']).error === undefined;
  test.skip(!hasPrlimit, 'prlimit is not here, so no disk can be made full.');
  const store = await startStore();
  try {
    await importText(store, `${header}\n0,France,1.00\n`, 'sales', '--key', 'id');
    await store.stop();
    // No file may grow beyond this: what a full disk does to a process, without a disk.
    const limit = 2 ** 20;
    await store.start({ wrap: ['prlimit', `--fsize=${limit}`] });
    const file = join(dirname(store.dataDir), 'large.csv');
    await writeFile(
      file,
      [
        'id,country,note',
        ...Array.from(
          { length: 300_000 },
          (_, i) => `${i},Spain,${(i * 2_654_435_761) % 4_294_967_296}-${i}`,
        ),
      ].join('\n'),
    );
    const { code, output } = await store.command('import', file, '--as', 'large', '--store', store.url);
    expect(code).toBe(1);
    const said = output.trim().split('\n').at(-1)!;
    expect(said).toMatch(/space|full|disk/i);
    expect(output).not.toMatch(/\n\s+at /);
    await store.stop();
    await store.start();
    const list = (await (await fetch(`${store.url}/api/datasets`)).json()) as {
      datasets: { name: string }[];
    };
    expect(list.datasets.map(({ name }) => name)).toEqual(['sales']);
    expect(await total(store, 'sales')).toEqual({ n: 1, distinct: 1 });
    await importText(store, `${header}\n1,Peru,1.00\n`, 'large');
    expect(await total(store, 'large')).toEqual({ n: 1, distinct: 1 });
  } finally {
    await store.remove();
  }
});

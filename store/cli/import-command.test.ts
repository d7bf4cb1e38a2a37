import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type TestStore, testStore } from '../http/store.testing.ts';
import { importCommand } from './import-command.ts';

let store: TestStore;
let url: string;
let directory: string;

beforeEach(async () => {
  store = await testStore();
  url = await store.app.listen({ port: 0, host: '127.0.0.1' });
  directory = await mkdtemp(join(tmpdir(), 'exanalytics-import-'));
});

afterEach(async () => {
  await store.close();
  await rm(directory, { recursive: true, force: true });
});

const clients = 'id,name,country,created\n1,Ada,France,2024-01-02\n2,Bo,Spain,2024-01-03\n';
const orders =
  'id,client_id,amount,date\n10,1,12.50,2024-02-01\n11,2,7.25,2024-02-02\n12,1,1.00,2024-02-03\n';

async function file(name: string, text: string): Promise<string> {
  const path = join(directory, name);
  await writeFile(path, text);
  return path;
}

interface Ran {
  readonly code: number;
  readonly lines: string[];
  readonly progress: string[];
}

async function run(args: readonly string[], signal = new AbortController().signal): Promise<Ran> {
  const lines: string[] = [];
  const progress: string[] = [];
  const code = await importCommand([...args, '--store', url], {
    print: (line) => lines.push(line),
    progress: { show: (line) => progress.push(line), done: () => undefined },
    signal,
  });
  return { code, lines, progress };
}

function dataset(name: string) {
  return store.driver.datasets().find((one) => one.name === name);
}

function head(name: string) {
  return store.driver.snapshot(async (snapshot) => snapshot.head(dataset(name)!.id, 'public'));
}

describe('exanalytics import', () => {
  test('creates a data set with types, profile and key', async () => {
    const { code, lines, progress } = await run([await file('c.csv', clients), '--as', 'clients']);
    expect(code).toBe(0);
    expect(lines.at(-1)).toMatch(/^clients: 2 rows added, version \d+\.$/);
    expect(progress.at(-1)).toBe('2 of 2 rows');
    const { columns, profile, allocated } = await head('clients');
    expect(allocated).toBe(2);
    expect(columns.map(({ name, type }) => `${name} ${type.kind}`)).toEqual([
      'id int32',
      'name text',
      'country text',
      'created date',
    ]);
    expect(profile.part).toBe('clients');
    expect(profile.keys).toEqual([columns[0]!.id]);
  });

  test('finds links in both directions', async () => {
    await run([await file('o.csv', orders), '--as', 'orders']);
    const { lines } = await run([await file('c.csv', clients), '--as', 'clients']);
    expect(lines).toContain('orders.client_id now points at clients.id.');
    const { profile, columns } = await head('orders');
    expect(profile.links).toMatchObject([
      { id: 'client', column: columns[1]!.id, dataset: dataset('clients')!.id },
    ]);
  });

  test('a name in use needs a mode', async () => {
    const path = await file('c.csv', clients);
    await run([path, '--as', 'clients']);
    await expect(run([path, '--as', 'clients'])).rejects.toThrow(
      'There is a data set called clients already: give --mode replace, append or upsert, or another name with --as.',
    );
    await expect(run([path, '--as', 'others', '--mode', 'append'])).rejects.toThrow(
      /no data set called others/,
    );
  });

  test('appends, upserts and replaces; an edited profile outlives a replace', async () => {
    await run([await file('c.csv', clients), '--as', 'clients']);
    const more = await file(
      'd.csv',
      'id,name,country,created\n2,Bob,Spain,2024-01-03\n3,Cy,Italy,2024-01-09\n',
    );
    const upserted = await run([more, '--as', 'clients', '--mode', 'upsert']);
    expect(upserted.lines.at(-1)).toMatch(/1 row added, 1 row updated/);
    const { profile } = await head('clients');
    await store.driver.write({
      key: 'k',
      fingerprint: 'k',
      dataset: dataset('clients')!.id,
      change: { kind: 'profile', profile: { ...profile, label: 'Our clients' } },
    });
    const replaced = await run([more, '--as', 'clients', '--mode', 'replace']);
    expect(replaced.lines.at(-1)).toMatch(/2 rows added/);
    expect((await head('clients')).profile).toMatchObject({ label: 'Our clients', part: 'clients' });
    expect(dataset('clients')!.rows).toBe(2);
  });

  test('an append reads its file with the types that are there', async () => {
    await run([await file('o.csv', orders), '--as', 'orders']);
    const whole = await file('p.csv', 'id,client_id,amount,date\n13,2,5,2024-02-04\n');
    await run([whole, '--as', 'orders', '--mode', 'append']);
    expect(dataset('orders')!.rows).toBe(4);
    const wrong = await file('q.csv', 'id,client_id,amount,date\n14,2,many,2024-02-04\n');
    await expect(run([wrong, '--as', 'orders', '--mode', 'append'])).rejects.toThrow(
      'Row 1, column amount: “many” is not a decimal with 2 places',
    );
    expect(dataset('orders')!.rows).toBe(4);
  });

  test('a dry run stores nothing and prints types and profile', async () => {
    const { lines } = await run([await file('c.csv', clients), '--dry-run']);
    const said = JSON.parse(lines.join('\n')) as { rows: number; profile: { part: string } };
    expect(said).toMatchObject({ name: 'c', rows: 2, format: 'csv' });
    expect(store.driver.datasets()).toEqual([]);
  });

  test('doubts name the option that decides them', async () => {
    const unclear = await file('u.csv', 'day,n\n01/02/2024,1\n03/04/2024,2\n');
    await expect(run([unclear, '--as', 'u'])).rejects.toThrow(/--date-order dmy or --date-order mdy/);
    await run([unclear, '--as', 'u', '--date-order', 'dmy']);
    expect(dataset('u')!.rows).toBe(2);
    const ragged = await file('r.csv', 'a,b\n1,2\n3\n');
    await expect(run([ragged, '--as', 'r'])).rejects.toThrow(/^Row 2 of r\.csv has 1 cell .*--ragged skip/);
    await expect(run([join(directory, 'none.csv'), '--as', 'x'])).rejects.toThrow(/There is no file/);
    await expect(run([ragged, '--as', 'x', '--mode', 'merge'])).rejects.toThrow(/--mode is create, replace/);
    await expect(run([ragged])).rejects.toThrow(/--as NAME/);
  });

  test('a key that repeats is refused before anything is sent', async () => {
    const path = await file('c.csv', 'id,name\n1,a\n1,b\n');
    await expect(run([path, '--as', 'c', '--key', 'id'])).rejects.toThrow(/row 2 repeats “1”/);
    expect(store.driver.datasets()).toEqual([]);
  });

  test('an import aborted half way leaves nothing', async () => {
    const rows = Array.from({ length: 200_000 }, (_, i) => `${i},name ${i}`).join('\n');
    const path = await file('big.csv', `id,name\n${rows}\n`);
    const abort = new AbortController();
    const lines: string[] = [];
    const code = await importCommand([path, '--as', 'big', '--store', url], {
      print: (line) => lines.push(line),
      progress: {
        show: (line) => {
          if (line.startsWith('131,072 of')) abort.abort();
        },
        done: () => undefined,
      },
      signal: abort.signal,
    });
    expect(code).toBe(130);
    expect(lines.at(-1)).toBe('The import was cancelled: nothing of it is stored.');
    expect(store.driver.datasets()).toEqual([]);
    const deleted = store.notes.filter(
      ({ method, path: at }) => method === 'DELETE' && at.includes('/imports/'),
    );
    expect(deleted.length).toBe(1);
    await run([path, '--as', 'big']);
    expect(dataset('big')!.rows).toBe(200_000);
  });

  test('no store at the address is one sentence', async () => {
    const path = await file('c.csv', clients);
    await expect(importCommand([path, '--as', 'c', '--store', 'http://127.0.0.1:9'])).rejects.toThrow(
      /No store answers at http:\/\/127\.0\.0\.1:9/,
    );
  });
});

import type { InjectOptions } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { encodeNpy, npyType } from '../../src/arrays/npy.ts';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import { encodeColumns } from '../../src/arrow/columns-stream.ts';
import { decodeBatch } from '../../src/arrow/read-batch.ts';
import type { Head } from '../../src/protocol/head.ts';
import { arrowType } from '../http/send.ts';
import { isHidden, leakRoles, leakStore, leaksIn, orderCount, plainProfile } from './leaks.testing.ts';

let store: Awaited<ReturnType<typeof leakStore>>;
let heads: Record<string, Head>;
beforeAll(async () => {
  store = await leakStore();
  heads = {};
  for (const name of ['orders', 'clients', 'totals', 'vault'])
    heads[name] = (await store.app.inject(`/api/datasets/${store.datasets[name]}/head`)).json<Head>();
  // Arrays are asked about in a table's place as well.
  for (const name of ['open', 'closed'])
    heads[name] = (await store.app.inject(`/api/datasets/array:${store.datasets[name]}/head`)).json<Head>();
}, 60_000);
afterAll(() => store.end());

let keys = 0;
const key = () => ({ 'idempotency-key': `leak ${keys++}` });
const json = (method: 'POST' | 'PUT', url: string, payload: object): InjectOptions => ({
  method,
  url,
  payload,
  headers: key(),
});
const npy = (method: 'POST' | 'PUT', url: string): InjectOptions => ({
  method,
  url,
  headers: { ...key(), 'content-type': npyType },
  payload: Buffer.from(encodeNpy({ dtype: 'float64', shape: [1], order: 'C', values: Float64Array.of(2) })),
});
const tables = () => Object.values(heads);
const arrayIds = () => [store.datasets.open!, store.datasets.closed!];

/** All there is to ask of each table: pages, patches and partials, of every column and of every kind of state. */
function batchesOf(head: Head): InjectOptions[] {
  const { id: dataset, epoch, columns } = head;
  const columnTypes = Object.fromEntries(columns.map(({ id, type }) => [id, type]));
  const operand = (column: string) => ({ op: 'column', column });
  const states = columns.flatMap(({ id, type }) => {
    const kinds =
      type.kind === 'text' ? ['count', 'minmax', 'distinct', 'values'] : ['count', 'minmax', 'distinct'];
    if (['int32', 'int64', 'decimal', 'float64'].includes(type.kind)) kinds.push('sum', 'moments', 'values');
    return kinds.map((state) => ({ state, operand: operand(id) }));
  });
  const nodes = [{ level: 0, index: 0 }];
  const partials = (kernel: object) => ({ kind: 'partials', dataset, epoch, kernel, nodes });
  const aggregate = (groupBy: object[], asked: object[]) =>
    partials({ kernel: 'aggregate', columns: columnTypes, groupBy, states: asked });
  const items: object[] = [
    ...[...columns.map(({ id }) => id), '_live'].map((column) => ({
      kind: 'pages',
      dataset,
      epoch,
      column,
      blocks: [0],
    })),
    { kind: 'patch', dataset, epoch, columns: columns.map(({ id }) => id), blocks: [{ block: 0, since: 0 }] },
    ...states.map((state) => aggregate([], [state])),
    ...columns.map(({ id }) => aggregate([{ by: 'value', operand: operand(id) }], [{ state: 'rows' }])),
    ...columns.map(({ id }) =>
      partials({
        kernel: 'top',
        columns: columnTypes,
        order: [{ operand: operand(id), descending: true }],
        take: columns.map((column) => operand(column.id)),
        limit: 1000,
      }),
    ),
  ];
  return items.map((item) => ({ method: 'POST', url: '/api/batch', payload: { items: [item] } }));
}

function questionsOf({ id: dataset, columns, profile }: Head): object[] {
  const names = columns.map(({ name }) => name);
  const linked = profile.links.flatMap(({ id }) => [`${id}.country`, `${id}.name`, `${id}.email`]);
  return [
    { kind: 'rows', dataset, order: [], columns: names, offset: 0, limit: 1000 },
    ...names.map((column) => ({
      kind: 'rows',
      dataset,
      order: [{ column, descending: true }],
      columns: names,
      offset: 0,
      limit: 1000,
    })),
    ...[...names, ...linked].flatMap((column) =>
      ['max', 'sum'].map((fn) => ({
        kind: 'aggregate',
        dataset,
        groupBy: [{ by: 'value', column }],
        measures: [
          {
            id: 'm',
            label: 'm',
            formula: `${fn}(${names.find((name) => name === 'big') ?? names[0]})`,
            format: 'number',
          },
        ],
      })),
    ),
    ...names.map((column) => ({
      kind: 'aggregate',
      dataset,
      groupBy: [],
      measures: ['min', 'max'].map((fn) => ({
        id: fn,
        label: fn,
        formula: `${fn}(${column})`,
        format: 'number',
      })),
    })),
  ];
}

/** How each operation of the store is asked everything it could tell. A new one is added here, or this test fails. */
const askedBy: Readonly<Record<string, () => InjectOptions[]>> = {
  health: () => [{ url: '/api/health' }],
  session: () => [{ url: '/api/session' }],
  start: () => [{ url: '/api/start' }],
  datasets: () => [{ url: '/api/datasets' }],
  head: () => tables().map(({ id }) => ({ url: `/api/datasets/${id}/head` })),
  batch: () => tables().flatMap(batchesOf),
  page: () =>
    tables().flatMap(({ id, epoch, columns, revisions }) =>
      ['public', 'whole', ...Object.values(scopes)].flatMap((scope) =>
        [...columns.map((column) => column.id), '_live'].map((column) => ({
          url: `/api/pages/${id}/${epoch}/${scope}/0/0/${column}/${revisions[0] ?? 0}`,
        })),
      ),
    ),
  query: () =>
    tables()
      .flatMap(questionsOf)
      .map((payload, i) => ({
        method: 'POST',
        url: '/api/query',
        payload,
        ...(i % 3 === 0 && { headers: { accept: arrowType } }),
      })),
  fit: () =>
    tables().flatMap(({ id, columns }) =>
      columns.map((column) => ({
        method: 'POST',
        url: '/api/fits',
        payload: {
          dataset: id,
          features: [column.id],
          estimator: { method: 'IsolationForest', params: { n_estimators: 2 } },
        },
      })),
    ),
  changes: () => [{ url: '/api/changes?since=0' }],
  views: () => [{ url: '/api/views' }],
  saveView: () => [
    json('PUT', '/api/views/view-0001', {
      id: 'view-0001',
      name: 'A view',
      workspace: '#/orders',
      columns: {},
      at: '2026-11-28T10:00:00.000Z',
    }),
  ],
  removeView: () => [{ method: 'DELETE', url: '/api/views/view-0009' }],
  cite: () =>
    tables()
      .flatMap(questionsOf)
      .map((question) =>
        json('POST', '/api/citations', { question, title: 'Cited', columns: [], workspace: '#/' }),
      ),
  citation: () => [{ url: `/api/citations/${'0'.repeat(40)}` }],
  arrays: () => [{ url: '/api/arrays' }],
  evaluateArrays: () =>
    arrayIds().map((array) => ({
      method: 'POST',
      url: '/api/arrays/evaluate',
      payload: { expression: { op: 'array', array } },
    })),
  arrayHead: () => arrayIds().map((id) => ({ url: `/api/arrays/${id}/head` })),
  readValues: () => arrayIds().map((id) => ({ url: `/api/arrays/${id}/values?at=` })),
  arrayBatch: () =>
    arrayIds().flatMap((id) =>
      [0, 1].map((level) => ({
        method: 'POST',
        url: `/api/arrays/${id}/batch`,
        payload: { epoch: store.arrays.head(id).epoch, items: [{ level, chunks: [[0]] }] },
      })),
    ),
  rows: () =>
    tables().flatMap(({ id, columns, profile }) => {
      const url = (mode: string) => `/api/datasets/${id}/rows?mode=${mode}`;
      const ndjson = (mode: string, rows: object[]): InjectOptions => ({
        method: 'POST',
        url: url(mode),
        headers: { ...key(), 'content-type': 'application/x-ndjson' },
        payload: rows.map((row) => JSON.stringify(row)).join('\n'),
      });
      const by = profile.keys[0] ?? columns[0]!.id;
      return [
        ndjson('upsert', [{ [by]: 1, [columns[1]!.id]: columns[1]!.type.kind === 'text' ? 'FR' : 1 }]),
        ndjson('append', [{ [by]: 1 }]),
        ndjson('delete', [{ [by]: 1 }]),
      ];
    }),
  profile: () => tables().map(({ id, profile }) => json('PUT', `/api/datasets/${id}/profile`, profile)),
  drop: () =>
    [store.datasets.orders!, store.datasets.vault!].map((id) => ({
      method: 'DELETE',
      url: `/api/datasets/${id}`,
    })),
  beginImport: () =>
    ['orders', 'vault', 'another'].flatMap((name) =>
      ['create', 'append', 'replace', 'upsert'].map((mode) =>
        json('POST', '/api/imports', {
          name,
          mode,
          columns: [{ name: 'id', type: { kind: 'int32' } }],
          profile: plainProfile(),
        }),
      ),
    ),
  importBatch: () => [
    {
      method: 'POST',
      url: `/api/imports/${sessions.table}/batches/0`,
      headers: { 'content-type': arrowType },
      payload: Buffer.from(encodeColumns({ id: columnFromLiterals({ kind: 'int32' }, [1]) })),
    },
  ],
  commitImport: () => [{ method: 'POST', url: `/api/imports/${sessions.table}/commit` }],
  abortImport: () => [{ method: 'DELETE', url: `/api/imports/${sessions.table}` }],
  createArray: () => [json('POST', '/api/arrays', { name: 'another', shape: ['4'], dtype: 'float64' })],
  writeValues: () => arrayIds().map((id) => npy('PUT', `/api/arrays/${id}/values?at=0`)),
  appendValues: () => arrayIds().map((id) => npy('POST', `/api/arrays/${id}/append`)),
  resizeArray: () => arrayIds().map((id) => json('PUT', `/api/arrays/${id}/shape`, { shape: ['80'] })),
  rechunkArray: () => arrayIds().map((id) => json('POST', `/api/arrays/${id}/rechunk`, { chunk: [8] })),
  summariseArray: () => arrayIds().map((id) => ({ method: 'POST', url: `/api/arrays/${id}/summarise` })),
  checkpointArray: () => arrayIds().map((id) => ({ method: 'POST', url: `/api/arrays/${id}/checkpoint` })),
  dropArray: () => [{ method: 'DELETE', url: `/api/arrays/${store.datasets.closed}` }],
  beginArrayImport: () => [
    json('POST', '/api/array-imports', { name: 'other', shape: ['4'], dtype: 'float64' }),
  ],
  importValues: () => [npy('PUT', `/api/array-imports/${sessions.array}/values?at=0`)],
  commitArrayImport: () => [{ method: 'POST', url: `/api/array-imports/${sessions.array}/commit` }],
  abortArrayImport: () => [{ method: 'DELETE', url: `/api/array-imports/${sessions.array}` }],
};

/** Of the administrator who sees everything: nobody else may touch these. */
const sessions = { table: '', array: '' };
const scopes: Record<string, string> = {};

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly operationId?: string }>>>>;
}

async function operations(): Promise<string[]> {
  const document = (await store.app.inject('/api/openapi.json')).json<OpenApi>();
  return Object.values(document.paths).flatMap((methods) =>
    Object.entries(methods).flatMap(([method, { operationId }]) =>
      method === 'head' ? [] : [operationId ?? '(without a name)'],
    ),
  );
}

const ask = (role: string, options: InjectOptions) =>
  store.app.inject({ ...options, headers: { ...options.headers, 'x-role': role } });

describe('what a role may not see', () => {
  it('is planted: whoever sees everything is told it by every route that reads', async () => {
    const told = new Set<string>();
    for (const operation of ['batch', 'page', 'query', 'readValues', 'arrayBatch', 'evaluateArrays'])
      for (const options of askedBy[operation]!()) {
        const { items } = (options.payload ?? {}) as { items?: { kind?: string }[] };
        const what = items?.[0]?.kind ?? operation;
        for (const leak of leaksIn((await ask('whole', options)).rawPayload)) told.add(`${what}: ${leak}`);
      }
    const closed = batchesOf(heads.closed!).filter((options) => !itemsOf(options)?.some(isPartials));
    for (const options of closed)
      for (const leak of leaksIn((await ask('whole', options)).rawPayload)) told.add(`array: ${leak}`);
    expect([...told]).toContain('array: a double');
    for (const what of ['pages', 'patch', 'partials', 'page'])
      for (const leak of ['a text', 'an integer', 'a decimal', 'a double'])
        expect([...told], what).toContain(`${what}: ${leak}`);
    for (const leak of [
      'a text',
      'an integer’s digits',
      'a decimal’s digits',
      'a double’s digits',
      'a time as text',
    ])
      expect([...told]).toContain(`query: ${leak}`);
    expect([...told]).toContain('readValues: a double');
    expect([...told]).toContain('arrayBatch: a double');
    expect([...told]).toContain('evaluateArrays: a double');
  });

  it('is in no byte of any answer of any route', async () => {
    const begun = (await ask('whole', askedBy.beginImport!()[8]!)).json<{ id: string }>();
    sessions.table = begun.id;
    sessions.array = (await ask('whole', askedBy.beginArrayImport!()[0]!)).json<{ id: string }>().id;
    for (const role of Object.keys(leakRoles)) {
      const head = await ask(role, { url: `/api/datasets/${store.datasets.clients}/head` });
      if (head.statusCode === 200) scopes[role] = head.json<Head>().scope;
    }
    const known = await operations();
    expect(known.filter((operation) => !askedBy[operation])).toEqual([]);

    const found: string[] = [];
    let asked = 0;
    const look = async (role: string, operation: string, options: InjectOptions): Promise<Looked> => {
      const answer = await ask(role, options);
      asked += itemsOf(options)?.length ?? 1;
      expect(answer.statusCode, `${role}: ${operation}: ${answer.body.slice(0, 300)}`).toBeLessThan(500);
      for (const leak of [
        ...leaksIn(answer.rawPayload),
        ...leaksIn(Buffer.from(JSON.stringify(answer.headers))),
      ])
        found.push(`${role}: ${operation}: ${leak}`);
      return { status: answer.statusCode, body: answer.rawPayload };
    };
    // Reading first: what an editor changes must not be what the next role is asked about.
    const order = [...known].sort((a, b) => Number(changes.has(a)) - Number(changes.has(b)));
    for (const operation of order)
      for (const role of Object.keys(leakRoles)) {
        const every = askedBy[operation]!();
        if (changes.has(operation)) for (const options of every) await look(role, operation, options);
        else if (operation === 'batch')
          for (const head of tables()) await lookAtBatch(head, (options) => look(role, operation, options));
        else await eachOf(every, (options) => look(role, operation, options));
      }
    expect([...new Set(found)]).toEqual([]);
    expect(asked).toBeGreaterThan(4000);
  }, 300_000);
});

interface Looked {
  readonly status: number;
  readonly body: Buffer;
}

/** Everything of a table in one batch; where that is refused, or ends early, item by item, so that each has its answer. */
async function lookAtBatch(head: Head, look: (options: InjectOptions) => Promise<Looked>): Promise<void> {
  const single = batchesOf(head);
  const items = single.flatMap((options) => itemsOf(options) ?? []);
  const { status, body } = await look({ method: 'POST', url: '/api/batch', payload: { items } });
  if (status !== 200 || !(await isWhole(body))) await eachOf(single, look);
}

/** Whether a batch came to its end: one that fails midway, after its first part, is cut short with status 200. */
async function isWhole(body: Buffer): Promise<boolean> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield body;
  }
  try {
    for await (const _ of decodeBatch(bytes()));
    return true;
  } catch {
    return false;
  }
}

function itemsOf({ payload }: InjectOptions): readonly object[] | undefined {
  const { items } = (payload ?? {}) as { items?: readonly object[] };
  return items;
}

function isPartials(item: object): boolean {
  return 'kind' in item && item.kind === 'partials';
}

/** A few at a time: most of an answer's time is waiting. */
async function eachOf(
  every: readonly InjectOptions[],
  look: (options: InjectOptions) => Promise<unknown>,
): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < every.length) await look(every[next++]!);
  };
  await Promise.all(Array.from({ length: 6 }, lane));
}

const changes = new Set(
  Object.keys(askedBy).filter((operation) =>
    /Import|rows|profile|drop|create|write|append|resize|rechunk|summarise|checkpoint/.test(operation),
  ),
);

describe('what a role may see', () => {
  it('is its own rows, whole, and totals of nothing else', async () => {
    const dataset = store.datasets.orders!;
    const answer = await ask('reader', {
      method: 'POST',
      url: '/api/query',
      payload: {
        kind: 'aggregate',
        dataset,
        groupBy: [],
        measures: [
          { id: 'n', label: 'n', formula: 'count()', format: 'count' },
          { id: 'sum', label: 'sum', formula: 'sum(amount)', format: 'number' },
        ],
      },
    });
    const seen = Array.from({ length: orderCount }, (_, i) => i).filter((i) => !isHidden(i));
    const cents = seen.reduce((sum, i) => sum + i * 100 + 50, 0);
    expect(answer.json<{ rows: unknown }>().rows).toEqual([[seen.length, (cents / 100).toFixed(2)]]);
    const { coverage } = answer.json<{ coverage: { rows: number; rowsTotal: number } }>();
    expect(coverage).toMatchObject({ rows: seen.length, rowsTotal: seen.length });
  });

  it('comes with copies of what it may see of linked tables', async () => {
    const answer = await ask('reader', {
      method: 'POST',
      url: '/api/query',
      payload: {
        kind: 'rows',
        dataset: store.datasets.orders,
        order: [{ column: 'id', descending: false }],
        columns: ['id', 'client', 'client.name', 'client.email'],
        offset: 0,
        limit: 20,
      },
    });
    const { rows } = answer.json<{ rows: [number, number, number, string | null, string | null][] }>();
    expect(rows.length).toBe(20);
    for (const [, , client, name, email] of rows)
      expect([name, email]).toEqual([isHidden(client) ? null : `client ${client}`, null]);
  });

  it('is kept by this browser alone, at addresses of its own', async () => {
    const { id } = heads.orders!;
    const head = (await ask('reader', { url: `/api/datasets/${id}/head` })).json<Head>();
    const other = (await ask('two groups', { url: `/api/datasets/${id}/head` })).json<Head>();
    expect(head.scope).not.toBe(other.scope);
    const url = `/api/pages/${id}/${head.epoch}/${head.scope}/0/0/${head.columns[0]!.id}/${head.revisions[0]}`;
    const page = await ask('reader', { url });
    expect(page.statusCode).toBe(200);
    expect(page.headers['cache-control']).toMatch(/^private/);
    for (const role of ['two groups', 'another tenant', 'whole'])
      expect((await ask(role, { url })).statusCode, role).toBe(404);
  });

  it('is 404, not 403, for data sets and arrays that are hidden', async () => {
    for (const url of [`/api/datasets/${heads.vault!.id}/head`, `/api/arrays/${store.datasets.closed}/head`])
      expect((await ask('reader', { url })).statusCode).toBe(404);
    const list = (await ask('reader', { url: '/api/datasets' })).json<{
      datasets: { name: string; rows: number }[];
    }>();
    expect(list.datasets.map(({ name }) => name).sort()).toEqual(['clients', 'orders']);
    expect(list.datasets.find(({ name }) => name === 'orders')!.rows).toBe(60);
  });
});

describe('writes', () => {
  const upsert = (role: string, rows: object[]) =>
    ask(role, {
      method: 'POST',
      url: `/api/datasets/${store.datasets.orders}/rows?mode=upsert`,
      headers: { ...key(), 'content-type': 'application/x-ndjson' },
      payload: rows.map((row) => JSON.stringify(row)).join('\n'),
    });

  it.each([
    ['of a reader', 'reader', [{ id: 0, note: 'mine' }], 403],
    ['to a seen row', 'editor', [{ id: 0, note: 'mine' }], 200],
    ['of a new row that will be seen', 'editor', [{ id: 1000, country: 'FR', note: 'new' }], 200],
    ['of a new row that would not be seen', 'editor', [{ id: 1001, country: 'DE', note: 'new' }], 403],
    ['to a hidden row', 'editor', [{ id: 1, note: 'mine' }], 403],
    ['that would bring a hidden row into sight', 'editor', [{ id: 1, country: 'FR' }], 403],
    ['that would push a row out of sight', 'editor', [{ id: 0, country: 'DE' }], 403],
    ['to a hidden column', 'editor', [{ id: 0, margin: '1.00' }], 403],
    [
      'of which one row is not seen',
      'editor',
      [
        { id: 3, note: 'mine' },
        { id: 4, note: 'not mine' },
      ],
      403,
    ],
  ])('%s: %s', async (_, role, rows, status) => {
    const answer = await upsert(role, rows);
    expect(answer.statusCode, answer.body).toBe(status);
  });
});

import { ContextProvider } from '@lit/context';
import { html } from 'lit';
import { afterEach, describe, expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import type {
  ImportClient,
  ImportDecisions,
  ImportDifference,
  ImportDone,
  ImportJob,
  ImportOptions,
  ImportPlan,
  ImportPreview,
} from '../../protocol/import.ts';
import { importClientContext } from '../contexts.ts';
import { barriers, type Stage, stage, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './import.ts';

const profile: ImportPreview['profile'] = {
  part: 'orders',
  label: 'Sales',
  grain: 'order',
  keys: ['id'],
  roles: { id: 'id', amount: 'amount' },
  labels: {},
  links: [],
  calculated: [],
  measures: [],
  zone: 'UTC',
  dimensions: [],
};

const preview: ImportPreview = {
  name: 'Sales',
  format: 'csv',
  rows: 541_909,
  columns: [
    { name: 'id', type: { kind: 'int32' }, inferred: { kind: 'int32' }, role: 'id', nulls: 0 },
    {
      name: 'amount',
      type: { kind: 'decimal', precision: 18, scale: 2 },
      inferred: { kind: 'decimal', precision: 18, scale: 2 },
      role: 'amount',
      nulls: 0,
    },
    { name: 'day', type: { kind: 'date' }, inferred: { kind: 'date' }, nulls: 3 },
  ],
  sample: [
    ['1', '12.50', '2011-12-09'],
    ['2', '−3.00', null],
  ],
  doubts: [],
  notes: ['A title row above the table was left out.'],
  profile,
};

/** An import client that answers as told, and remembers what it was asked. */
class FakeImports implements ImportClient {
  readonly decided: ImportDecisions[] = [];
  readonly compared: ImportPlan[] = [];
  readonly stored: ImportPlan[] = [];
  cancelled = 0;
  closed = 0;
  preview: (decisions: ImportDecisions) => Promise<ImportPreview> = async () => preview;
  difference: ImportDifference = {
    rowsThere: 100,
    rowsInFile: 541_909,
    updated: 90,
    appended: 541_819,
    newColumns: ['day'],
    missingColumns: [],
    keys: ['id'],
  };
  store: (plan: ImportPlan, options: ImportOptions) => Promise<ImportDone> = async () => ({
    version: 1,
    asOf: '2026-11-21T04:00:00.000Z',
    appended: 541_909,
    updated: 0,
    deleted: 0,
    skipped: 0,
    dataset: 'local-sales',
    part: 'orders',
  });

  open(): ImportJob {
    return {
      preview: (decisions) => {
        this.decided.push(decisions);
        return this.preview(decisions);
      },
      difference: async (plan) => {
        this.compared.push(plan);
        return this.difference;
      },
      store: (plan, options = {}) => {
        this.stored.push(plan);
        options.signal?.addEventListener('abort', () => this.cancelled++);
        return this.store(plan, options);
      },
      close: () => {
        this.closed++;
      },
    };
  }
}

let here: Stage | undefined;
afterEach(() => {
  here?.remove();
  here = undefined;
});

const file = new File(['id,amount\n1,12.50\n'], 'sales.csv');

async function shown(imports: FakeImports, incoming?: File, client = new FakeClient([fakeOrders()])) {
  here = await stage(client, html`<exa-import></exa-import>`);
  new ContextProvider(here.root, { context: importClientContext, initialValue: imports });
  const view = here.find('exa-import');
  // Whoever was there before the context asks again once connected.
  view.remove();
  here.group.append(view);
  if (incoming) Object.assign(view, { incoming });
  return { view, root: here.root, client };
}

function press(view: Element, name: string): void {
  const buttons = [...(view.shadowRoot?.querySelectorAll('button') ?? [])];
  const found = buttons.find((button) => button.textContent?.trim() === name);
  if (!found)
    throw new Error(`There is no button ${name} among ${buttons.map((b) => b.textContent?.trim())}.`);
  found.click();
}

function choose(view: Element, label: string, value: string): void {
  const select = view.shadowRoot?.querySelector<HTMLSelectElement>(`select[aria-label="${label}"]`);
  if (!select) throw new Error(`There is no menu ${label}.`);
  select.value = value;
  select.dispatchEvent(new Event('change'));
}

describe('exa-import', () => {
  test('without a file it offers to bring one, and has no barriers', async () => {
    const { view, root } = await shown(new FakeImports());
    await until('it offers', () => textIn(view).includes('Choose a file'));
    expect(await barriers(root)).toEqual([]);
  });

  test('shows first rows, types, roles and notes; a change is decided anew', async () => {
    const imports = new FakeImports();
    const { view, root } = await shown(imports, file);
    await until('it is read', () => textIn(view).includes('541,909 rows, 3 columns'));
    expect(textIn(view)).toContain('A title row above the table was left out.');
    expect(textIn(view)).toContain('12.50');
    expect(await barriers(root)).toEqual([]);
    choose(view, 'Type of day', 'text');
    await until('it is decided', () => imports.decided.length === 2);
    choose(view, 'What day plays', 'date');
    await until('both are kept', () => imports.decided.length === 3);
    expect(imports.decided[2]).toEqual({ types: { day: { kind: 'text' } }, roles: { day: 'date' } });
  });

  test('a doubt is decided before anything is stored', async () => {
    const imports = new FakeImports();
    imports.preview = async ({ bad }) =>
      bad
        ? preview
        : {
            ...preview,
            doubts: [{ kind: 'not-a-date', column: 'date', row: 1204, value: '31/02/2011' }],
          };
    const { view, root } = await shown(imports, file);
    await until('it doubts', () => textIn(view).includes('Row 1,204, date: “31/02/2011” is not a date.'));
    expect(textIn(view)).toContain('Nothing stored yet.');
    expect(await barriers(root)).toEqual([]);
    press(view, 'Import 541,909 rows');
    expect(imports.stored).toEqual([]);
    press(view, 'Skip row');
    await until('it is decided', () => !textIn(view).includes('is not a date'));
    expect(imports.decided.at(-1)).toEqual({ bad: 'skip' });
  });

  test('a file that cannot be read: its sentence, and another can be chosen', async () => {
    const imports = new FakeImports();
    imports.preview = async () => {
      throw new ExaError('invalid', 'The file sales.csv is empty: there is nothing to import.');
    };
    const { view, root } = await shown(imports, file);
    await until('it says so', () => textIn(view).includes('is empty: there is nothing to import.'));
    expect(await barriers(root)).toEqual([]);
    press(view, 'Choose another file');
    await until('it offers', () => !textIn(view).includes('is empty'));
  });

  test('a ragged row is cut, skipped, or stops', async () => {
    const imports = new FakeImports();
    imports.preview = async ({ ragged }) => {
      if (ragged) return preview;
      const facts = { row: 7, cells: 5, expected: 8 };
      throw new ExaError('invalid', 'Row 7 of sales.csv has 5 cells where the header has 8.', { facts });
    };
    const { view } = await shown(imports, file);
    await until('it asks', () => textIn(view).includes('Row 7 has 5 cells where the header has 8.'));
    press(view, 'Cut or fill such rows');
    await until('it is read', () => textIn(view).includes('541,909 rows'));
  });

  test('stores on this device, with progress; then opens it in Explore', async () => {
    const imports = new FakeImports();
    let finish = () => {};
    imports.store = (_, { progress }) =>
      new Promise((resolve) => {
        progress?.({ phase: 'store', rows: 184_000, rowsTotal: 541_909 });
        finish = () =>
          resolve({
            version: 1,
            asOf: '',
            appended: 541_909,
            updated: 0,
            deleted: 0,
            skipped: 0,
            dataset: 'local-sales',
            part: 'orders',
          });
      });
    const { view, root } = await shown(imports, file);
    await until('it is read', () => textIn(view).includes('541,909 rows'));
    const gone: unknown[] = [];
    root.addEventListener('exa-workspace', (event) => gone.push((event as CustomEvent).detail.change));
    press(view, 'Import 541,909 rows');
    await until('it stores', () => textIn(view).includes('184,000 of 541,909 rows'));
    expect(await barriers(root)).toEqual([]);
    finish();
    await until('it goes', () => gone.length === 1);
    expect(gone[0]).toMatchObject({ view: 'explore', dataset: 'local-sales' });
    expect(imports.stored[0]).toMatchObject({ place: 'here', mode: 'create', name: 'Sales' });
  });

  test('cancelling leaves the preview', async () => {
    const imports = new FakeImports();
    imports.store = (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal?.addEventListener('abort', () =>
          reject(new ExaError('cancelled', 'The request was cancelled.')),
        );
      });
    const { view } = await shown(imports, file);
    await until('it is read', () => textIn(view).includes('541,909 rows'));
    press(view, 'Import 541,909 rows');
    await until('it stores', () => textIn(view).includes('Cancel'));
    press(view, 'Cancel');
    await until('it is back', () => !textIn(view).includes('Cancel'));
    expect(imports.cancelled).toBe(1);
  });

  test('where the name is taken the difference is said before anything is stored', async () => {
    const imports = new FakeImports();
    const client = new FakeClient([fakeOrders()]);
    const { view } = await shown(imports, file, client);
    await until('it is read', () => textIn(view).includes('541,909 rows'));
    const { shadowRoot } = view;
    const [, store] = shadowRoot!.querySelectorAll<HTMLInputElement>('input[name=place]');
    store!.click();
    const name = shadowRoot!.querySelector<HTMLInputElement>('input[type=text]')!;
    name.value = fakeOrders().head.name;
    name.dispatchEvent(new Event('input'));
    await until('it asks what to do', () => textIn(view).includes('Update by key'));
    shadowRoot!.querySelector<HTMLInputElement>('input[value=upsert]')!.click();
    await until('it says', () => textIn(view).includes('By id: 90 rows are updated, 541,819 are new.'));
    expect(textIn(view)).toContain('New columns: day.');
    expect(imports.compared.at(-1)).toMatchObject({ place: 'store', mode: 'upsert', dataset: 'orders' });
  });

  test('leaving closes the file', async () => {
    const imports = new FakeImports();
    const { view } = await shown(imports, file);
    await until('it is read', () => textIn(view).includes('541,909 rows'));
    view.remove();
    expect(imports.closed).toBe(1);
  });
});

import { ContextProvider } from '@lit/context';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { ExaError } from '../../protocol/errors.ts';
import { goTo } from '../../protocol/workspace.ts';
import { dataClientContext } from '../contexts.ts';
import { barriers, textIn, until } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { FakeKeep } from '../gallery/fake-keep.ts';
import { fakeOrders, fakeShop } from '../gallery/fake-shop.ts';
import { type FrameStage, stageFrame } from './frame-stage.testing.ts';

let here: FrameStage | undefined;
const show = (client: FakeClient, fragment: string, scheme: 'light' | 'dark' = 'light'): FrameStage => {
  here = stageFrame(client, fragment, scheme);
  return here;
};
const seen = (text: string): Promise<void> =>
  until(`“${text}” is seen`, () => here !== undefined && textIn(here.frame).includes(text));

beforeEach(() => page.viewport(1280, 900));
afterEach(() => {
  here?.remove();
  here = undefined;
});

/** What each route shows, by its address. */
const routes: readonly (readonly [string, string])[] = [
  ['#/home', 'Explore orders'],
  ['#/orders?data=orders&period=last-90-days&f.by-c4=not(in(c4,draft))', 'Revenue'],
  ['#/clients', 'Lifetime value and last order'],
  ['#/datasets', 'On this device'],
  ['#/datasets?data=orders', 'What this table plays'],
  ['#/settings', 'Forget all'],
  ['#/orders?record=3@orders', 'ORD-10003'],
];

describe('routes', () => {
  for (const [fragment, text] of routes)
    for (const scheme of ['light', 'dark'] as const)
      test(`${fragment} shows, without barriers, ${scheme}`, async () => {
        const { root } = show(new FakeClient(fakeShop()), fragment, scheme);
        await seen(text);
        await until('nothing loads', () => here?.find('[phase="loading"]') === undefined);
        await until('nothing moves', () => (here?.find('exa-record')?.getAnimations() ?? []).length === 0);
        expect(await barriers(root)).toEqual([]);
      });

  test('fit a phone', async () => {
    await page.viewport(360, 740);
    for (const [fragment, text] of routes) {
      const { root, remove } = show(new FakeClient(fakeShop()), fragment);
      await seen(text);
      expect(root.scrollWidth, fragment).toBeLessThanOrEqual(360);
      remove();
    }
  });
});

const along = (client: FakeClient): string => [...client.along].map(({ dataset }) => dataset).join();

test('a table in view is brought along, as long as it is in view; no gadget does that', async () => {
  const client = new FakeClient(fakeShop());
  const { frame } = show(client, '#/orders?data=orders');
  await until('orders come along', () => along(client) === 'orders');
  frame.go({ ...goTo('explore'), dataset: 'clients' });
  await until('clients come along', () => along(client) === 'clients');
  frame.go(goTo('home'));
  await until('nothing comes along', () => client.along.size === 0);
  here?.remove();
  const alone = document.createElement('div');
  new ContextProvider(alone, { context: dataClientContext, initialValue: client });
  const orders = document.createElement('exa-orders');
  alone.append(orders);
  document.body.append(alone);
  await until('Orders show alone', () => client.live.size > 3);
  expect(along(client)).toBe('');
  alone.remove();
});

describe('states', () => {
  test('without data, says how to bring some, and hides what has nothing to show', async () => {
    const { frame, root } = show(new FakeClient([]), '#/home');
    await seen('npx exanalytics import');
    const entries = [...frame.renderRoot.querySelectorAll('nav .entry[href]')].map((one) => textIn(one));
    expect(entries).toEqual(['Home', 'Settings']);
    expect(await barriers(root)).toEqual([]);
  });

  test('a store that fails is one sentence and a way on', async () => {
    const client = new FakeClient(fakeShop());
    client.failure = new ExaError('broken', 'Could not read the data sets: the store answered 500.');
    const { find, root } = show(client, '#/orders');
    await seen('the store answered 500');
    expect(await barriers(root)).toEqual([]);
    client.failure = undefined;
    find('exa-error-card')?.shadowRoot?.querySelector('button')?.click();
    await seen('Revenue');
  });

  test('offline says since when, in a word', async () => {
    const client = new FakeClient(fakeShop());
    client.setStatus({ connection: 'offline', waiting: 2, keeps: 'memory' });
    client.coverage = { mixed: true };
    show(client, '#/orders');
    await seen('Offline , as of');
    await seen('2 kept here, not yet stored');
    await seen('IndexedDB is blocked here: pages stay in memory.');
  });

  test('no rows: names the filters, and one press removes one', async () => {
    const { find, history } = show(new FakeClient(fakeShop()), '#/orders?data=orders&f.by-c3=in(c3,Nowhere)');
    await seen('Remove Country: Nowhere');
    const buttons = find('exa-orders')?.shadowRoot?.querySelectorAll('.ways button') ?? [];
    (buttons[1] as HTMLButtonElement).click();
    await seen('Revenue');
    expect(history.read()).toBe('#/orders?data=orders');
  });

  test('no table plays clients: one is chosen, and the profile is written', async () => {
    const [orders] = fakeShop();
    const { client: _client, ...roles } = orders.head.profile.roles;
    const head = { ...orders.head, profile: { ...orders.head.profile, roles } };
    const client = new FakeClient([{ ...orders, head }]);
    const { find } = show(client, '#/clients');
    await seen('No table plays clients.');
    find('exa-clients')?.shadowRoot?.querySelector<HTMLButtonElement>('.chooser button')?.click();
    await until('it is written', () => client.written.length === 1);
    expect(client.written[0]).toMatchObject({
      kind: 'profile',
      dataset: 'orders',
      profile: { part: 'clients' },
    });
  });

  test('orders that name clients are clients too', async () => {
    const [orders] = fakeShop();
    show(new FakeClient([orders]), '#/clients');
    await seen('Orders per client');
    await seen('Last order');
  });
});

describe('workspace', () => {
  test('an address by hand shows what it can, and says what was dropped', async () => {
    show(new FakeClient(fakeShop()), '#/orders?period=soon&f.x=broken(');
    await seen('“period”, “f.x”');
    await seen('Revenue');
  });

  test('a saved view whose column was renamed shows it; of one that was removed it says which, and keeps the rest', async () => {
    const client = new FakeClient(fakeShop());
    const keep = new FakeKeep((question) => client.answer(question));
    const fragment = '#/orders?data=orders&f.x=in(c99,Lyon)&f.by-c3=in(c3,France)';
    await keep.save(
      {
        id: 'cities-of-france',
        name: 'Cities',
        workspace: fragment,
        // What it was called: the country has another name now, the city is gone.
        columns: { orders: { c99: 'City', c3: 'Land' } },
        at: '2026-11-20T12:00:00.000Z',
      },
      'device',
    );
    client.keep = keep;
    const { frame, find } = show(client, `${fragment}&saved=cities-of-france`);
    await seen('The column “City” is no longer there: what used it was left out, the rest is shown.');
    expect(Object.keys(frame.workspace.filters)).toEqual(['by-c3']);
    await until('the rest is shown', () => {
      const bar = find('exa-filter-bar');
      return bar !== undefined && textIn(bar).includes('France') && !textIn(bar).includes('Lyon');
    });
  });

  test('a filter is a step that Back undoes', async () => {
    const { find, history, frame } = show(new FakeClient(fakeShop()), '#/orders');
    await seen('France');
    const bars = find('#by-c3');
    await until('bars are drawn', () => bars?.shadowRoot?.querySelector('button.bar') != null);
    bars?.shadowRoot?.querySelector<HTMLButtonElement>('button.bar')?.click();
    await until('it is in the address', () => history.read().includes('f.by-c3='));
    expect(history.steps).toBe(2);
    expect(frame.workspace.filters['by-c3']?.filter).toMatchObject({ op: 'in', column: 'c3' });
    history.back();
    await until('it is gone', () => Object.keys(frame.workspace.filters).length === 0);
  });

  test('a period counts back from the newest row', async () => {
    const { find, frame, history } = show(new FakeClient(fakeShop()), '#/orders');
    await seen('Revenue');
    const picker = find('exa-period-picker');
    await until('it knows the newest row', () => textIn(picker!).includes('Counted back from'));
    const options = [...(picker?.shadowRoot?.querySelectorAll<HTMLButtonElement>('.option') ?? [])];
    options.find((one) => textIn(one).includes('Last 30 days'))?.click();
    await until('it is chosen', () => frame.workspace.period !== undefined);
    expect(history.read()).toBe('#/orders?period=last-30-days');
    await seen('than the period before');
  });

  test('search finds a data set and goes there', async () => {
    const { find, frame } = show(new FakeClient(fakeShop()), '#/home');
    await seen('Explore orders');
    const input = find('exa-search')?.shadowRoot?.querySelector('input');
    input!.value = 'clie';
    input!.dispatchEvent(new InputEvent('input', { bubbles: true }));
    await until('it is found', () => find('exa-search')?.shadowRoot?.querySelectorAll('li').length === 2);
    input!.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown' }));
    input!.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter' }));
    await until('it went there', () => frame.workspace.view === 'clients');
    expect(frame.workspace.dataset).toBe('clients');
  });

  test('of values found in several tables, those of the one in view come first', async () => {
    const orders = fakeOrders();
    const profile = { ...orders.head.profile, label: 'Old orders' };
    const old = { ...orders, head: { ...orders.head, id: 'old', name: 'old', profile } };
    for (const [id, name] of [
      ['orders', 'Orders'],
      ['old', 'Old orders'],
    ]) {
      const { find, frame } = show(new FakeClient([orders, old]), `#/orders?data=${id}`);
      const field = () => find('exa-search')?.shadowRoot?.querySelector('input');
      await until('the table is in view', () => find('exa-filter-bar') !== null && Boolean(field()));
      const search = find('exa-search')?.shadowRoot;
      const input = field();
      input!.value = 'france';
      input!.dispatchEvent(new InputEvent('input', { bubbles: true }));
      const hints = (): string[] =>
        [...(search?.querySelectorAll('li') ?? [])]
          .map((find) => find.textContent?.replaceAll(/\s+/g, ' ') ?? '')
          .filter((words) => words.includes('France'));
      await until('they are found', () => hints().length > 1);
      expect(hints()[0]).toContain(`· ${name} ·`);
      frame.remove();
    }
  });

  test('keys go to views, and focus follows', async () => {
    const { frame } = show(new FakeClient(fakeShop()), '#/home');
    await seen('Explore orders');
    for (const key of ['g', 'o']) document.dispatchEvent(new KeyboardEvent('keydown', { key }));
    await until('it went there', () => frame.workspace.view === 'orders');
    await until('the heading has focus', () => frame.shadowRoot?.activeElement?.localName === 'h1');
  });
});

test('freshness, pressed, says what this device keeps', async () => {
  const { find } = show(new FakeClient(fakeShop()), '#/home');
  await seen('Live');
  find('exa-freshness')?.shadowRoot?.querySelector<HTMLButtonElement>('button.chip')?.click();
  await seen('Changes in the store are shown as they happen.');
  await until('it names them', () => /kept on this device .*Orders/.test(textIn(find('exa-freshness')!)));
});

test('a data set has a page with its columns and rows, whatever it plays', async () => {
  const { find } = show(new FakeClient(fakeShop()), '#/datasets');
  await seen('On this device');
  expect(find('exa-grid')).toBeUndefined();
  const links = [...(find('exa-datasets')?.shadowRoot?.querySelectorAll('a') ?? [])];
  expect(links.map((link) => link.getAttribute('href'))).toContain('#/datasets?data=clients');
  here?.remove();
  show(new FakeClient(fakeShop()), '#/datasets?data=clients');
  await seen('What this table plays');
  await until('its rows are drawn', () => here?.find('.row.body') !== undefined);
});

describe('record', () => {
  test('shows what it names, steps on, and writes a change by its keys', async () => {
    const client = new FakeClient(fakeShop());
    const { find, frame } = show(client, '#/orders?record=3@orders');
    await seen('ORD-10003');
    const sheet = find('exa-record')!;
    await until('its client is there', () => sheet.shadowRoot?.querySelector('exa-related') != null);
    const edit = sheet.shadowRoot?.querySelector<HTMLButtonElement>('[aria-label="Change State"]');
    edit?.click();
    await until('it can be typed', () => sheet.shadowRoot?.querySelector('.editor input') != null);
    sheet.shadowRoot!.querySelector<HTMLInputElement>('.editor input')!.value = 'archived';
    sheet.shadowRoot!.querySelector<HTMLFormElement>('.editor')!.requestSubmit();
    await until('it is written', () => client.written.length === 1);
    expect(client.written[0]).toEqual({
      kind: 'upsert',
      dataset: 'orders',
      rows: [{ c1: 'ORD-10003', c4: 'archived' }],
    });
    const next = (): HTMLButtonElement | null | undefined =>
      sheet.shadowRoot?.querySelector<HTMLButtonElement>('[aria-label="Next record"]');
    await until('there is a next one', () => next()?.disabled === false);
    next()?.click();
    await until('it is the next as the grid has them', () => frame.workspace.record?.row === 2);
  });

  test('a removed row is one sentence', async () => {
    show(new FakeClient(fakeShop()), '#/orders?record=99999@orders');
    await seen('was removed');
  });

  test('a number that is none is refused with its words', async () => {
    const client = new FakeClient(fakeShop());
    const { find } = show(client, '#/orders?record=3@orders');
    await seen('ORD-10003');
    const sheet = find('exa-record')!;
    await until(
      'it can be changed',
      () => sheet.shadowRoot?.querySelector('[aria-label="Change Items"]') != null,
    );
    sheet.shadowRoot?.querySelector<HTMLButtonElement>('[aria-label="Change Items"]')?.click();
    await until('it can be typed', () => sheet.shadowRoot?.querySelector('.editor input') != null);
    sheet.shadowRoot!.querySelector<HTMLInputElement>('.editor input')!.value = 'many';
    sheet.shadowRoot!.querySelector<HTMLFormElement>('.editor')!.requestSubmit();
    await seen('“many” is not a number, as Items needs.');
    expect(client.written).toEqual([]);
  });
});

describe('filter bar', () => {
  const open = async (label: string): Promise<ShadowRoot> => {
    const bar = here!.find('exa-filter-bar')!;
    await until('the bar is drawn', () => bar.shadowRoot?.querySelector('[slot="trigger"]') != null);
    bar.shadowRoot!.querySelector<HTMLButtonElement>('[slot="trigger"]')!.click();
    const option = [...bar.shadowRoot!.querySelectorAll<HTMLButtonElement>('.option')].find(
      (one) => textIn(one) === label,
    );
    option?.click();
    await until(
      'it can be chosen',
      () => here!.find('exa-filter-editor')?.shadowRoot?.querySelector('form') != null,
    );
    return here!.find('exa-filter-editor')!.shadowRoot!;
  };

  test('adds a range of days, from midnight to midnight', async () => {
    const { frame } = show(new FakeClient(fakeShop()), '#/orders?data=orders');
    await seen('Revenue');
    const editor = await open('Date');
    editor.querySelector<HTMLInputElement>('[name="from"]')!.value = '2011-03-01';
    editor.querySelector<HTMLInputElement>('[name="to"]')!.value = '2011-04-01';
    editor.querySelector('form')!.requestSubmit();
    await until('it is set', () => frame.workspace.filters['by-c2'] !== undefined);
    expect(frame.workspace.filters['by-c2']?.filter).toEqual({
      op: 'range',
      column: 'c2',
      from: '2011-03-01T00:00:00.000Z',
      to: '2011-04-01T00:00:00.000Z',
    });
    await seen('31 Mar 2011');
  });

  test('keeps decimals as typed, and refuses what is no number', async () => {
    const { frame } = show(new FakeClient(fakeShop()), '#/orders?data=orders');
    await seen('Revenue');
    const editor = await open('Amount');
    const from = editor.querySelector<HTMLInputElement>('[name="from"]')!;
    from.value = 'much';
    expect(editor.querySelector('form')!.checkValidity()).toBe(false);
    from.value = '12,50';
    editor.querySelector('form')!.requestSubmit();
    await until('it is set', () => frame.workspace.filters['by-c5'] !== undefined);
    expect(frame.workspace.filters['by-c5']?.filter).toEqual({ op: 'range', column: 'c5', from: '12.50' });
  });

  test('chooses values, turns them round and removes them', async () => {
    const { frame, find } = show(new FakeClient(fakeShop()), '#/orders?data=orders');
    await seen('Revenue');
    const editor = await open('State');
    await until('values are offered', () => editor.querySelector('[name="value"]') != null);
    editor.querySelector<HTMLInputElement>('[name="value"]')!.click();
    editor.querySelector('form')!.requestSubmit();
    await until('it is set', () => frame.workspace.filters['by-c4']?.filter.op === 'in');
    const pill = (selector: string): HTMLButtonElement | null | undefined =>
      find('exa-filter-bar')?.shadowRoot?.querySelector<HTMLButtonElement>(selector);
    await until('its pill is there', () => pill('.pill .turn') != null);
    pill('.pill .turn')?.click();
    await until('it excludes', () => frame.workspace.filters['by-c4']?.filter.op === 'not');
    await until('the pill says so', () => pill('.pill.out') != null);
    pill('.pill > button:last-child')?.click();
    await until('it is gone', () => Object.keys(frame.workspace.filters).length === 0);
  });
});

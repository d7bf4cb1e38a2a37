import { html } from 'lit';
import { afterEach, expect, test } from 'vitest';
import { ExaError } from '../../protocol/errors.ts';
import { barriers, stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import '../bars/bars.ts';
import '../grid/grid.ts';
import '../trend/trend.ts';
import { exportTray } from './export-tray.ts';
import { fileName } from './file-name.ts';
import { pictureOf, rasterOf } from './picture.ts';

const bars = () => html`<exa-bars dataset="orders" measure="orders" column="c3" rows="4"></exa-bars>`;

/** Files handed to the browser's downloads, by name. */
function caught(): { readonly files: Map<string, string>; stop(): void } {
  const files = new Map<string, string>();
  const click = (event: Event): void => {
    const link = event.composedPath()[0];
    if (!(link instanceof HTMLAnchorElement) || !link.download) return;
    event.preventDefault();
    files.set(link.download, link.href);
  };
  const original = HTMLAnchorElement.prototype.click;
  HTMLAnchorElement.prototype.click = function (this: HTMLAnchorElement) {
    this.addEventListener('click', click, { once: true });
    original.call(this);
  };
  return {
    files,
    stop: () => {
      HTMLAnchorElement.prototype.click = original;
    },
  };
}

afterEach(() => document.querySelector('exa-export-tray')?.remove());

async function openMenu(gadget: Element): Promise<HTMLElement> {
  const menu = gadget.shadowRoot?.querySelector('exa-card-menu');
  const root = menu?.shadowRoot;
  if (!root) throw new Error('The card has no menu.');
  root.querySelector<HTMLElement>('.trigger')?.click();
  await until('the menu is open', () => root.querySelector('.menu')?.matches(':popover-open') ?? false);
  return root.querySelector<HTMLElement>('.menu')!;
}

/** An entry of an open menu, whatever a card adds before it. */
function entry(menu: HTMLElement, label: string): HTMLElement {
  const found = [...menu.querySelectorAll<HTMLElement>('.item')].find(
    (item) => item.textContent?.trim() === label,
  );
  if (!found) throw new Error(`The menu has no ${label}.`);
  return found;
}

function press(target: Element, key: string): void {
  target.dispatchEvent(
    new KeyboardEvent('keydown', { key, bubbles: true, composed: true, cancelable: true }),
  );
}

test('the menu by keyboard: arrows, a letter, Escape; nothing in the way of assistive technology', async () => {
  const here = await stage(new FakeClient([fakeOrders()]), bars());
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  const menu = await openMenu(gadget);
  const root = menu.getRootNode() as ShadowRoot;
  const focused = () => root.activeElement?.textContent?.trim();
  const labels = [...menu.querySelectorAll('.item')].map((item) => item.textContent?.trim());
  await until('the first choice has the focus', () => focused() === labels[0]);
  press(menu, 'ArrowDown');
  expect(focused()).toBe(labels[1]);
  press(menu, 'x');
  expect(focused()).toBe(labels[1]);
  press(menu, 'End');
  expect(focused()).toBe('Print');
  press(menu, 'a');
  expect(focused()).toBe('Arrow');
  expect(labels).toEqual(
    expect.arrayContaining(['CSV', 'Excel', 'Parquet', 'Copy table', 'Picture (SVG)', 'Cite']),
  );
  expect(await barriers(here.root)).toEqual([]);
  press(menu, 'Escape');
  expect(menu.matches(':popover-open')).toBe(false);
  expect(root.activeElement?.classList.contains('trigger')).toBe(true);
  here.remove();
});

test('every value of the bars is taken away, whatever is shown, and the tray says what was saved', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, bars());
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  const { files, stop } = caught();
  const menu = await openMenu(gadget);
  entry(menu, 'CSV').click();
  await until('a file is saved', () => files.size > 0);
  stop();
  expect([...files.keys()]).toEqual(['Orders · Country.csv']);
  const [{ request, format }] = client.exported as [(typeof client.exported)[number]];
  expect(format).toBe('csv');
  expect(request.what).not.toHaveProperty('limit');
  expect(request.columns).toEqual([
    { id: 'g0', name: 'Country' },
    { id: 'orders', name: 'Orders' },
  ]);
  expect(textIn(exportTray())).toContain('Saved');
  expect(await barriers(exportTray())).toEqual([]);
  here.remove();
});

test('what is only part of the data says so in its name and in the tray', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, html`<exa-grid dataset="orders"></exa-grid>`);
  const gadget = here.find('exa-grid');
  await untilPhase(gadget, 'ready');
  client.coverage = { settled: false, blocks: 93, blocksTotal: 107 };
  const { files, stop } = caught();
  const menu = await openMenu(gadget);
  entry(menu, 'CSV').click();
  await until('a file is saved', () => files.size > 0);
  stop();
  expect([...files.keys()][0]).toContain('(partial, 93 of 107 blocks).csv');
  await until('the tray says it', () => textIn(exportTray()).includes('Not complete: 93 of 107 blocks'));
  here.remove();
});

test('a file that fails says why; one that is cancelled leaves nothing', async () => {
  const client = new FakeClient([fakeOrders()]);
  const here = await stage(client, bars());
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  const { files, stop } = caught();
  client.held = true;
  entry(await openMenu(gadget), 'CSV').click();
  await until('it is being written', () => textIn(exportTray()).includes('Cancel'));
  exportTray().shadowRoot?.querySelector('button')?.click();
  await until('it is gone', () => !textIn(exportTray()).includes('.csv'));
  client.held = false;
  client.failure = new ExaError('offline', 'The store cannot be reached.');
  entry(await openMenu(gadget), 'CSV').click();
  await until('it failed', () => textIn(exportTray()).includes('The store cannot be reached.'));
  stop();
  expect(files.size).toBe(0);
  here.remove();
});

test('a picture has what is seen, as text; a script in a name is only a name', async () => {
  const table = fakeOrders();
  const rows = table.rows.map((row, i) => (i % 2 ? row : { ...row, c3: '<script>alert(1)</script>' }));
  const here = await stage(new FakeClient([{ ...table, rows }]), bars());
  const gadget = here.find('exa-bars');
  await untilPhase(gadget, 'ready');
  const picture = await pictureOf(gadget);
  const drawn = new DOMParser().parseFromString(picture.svg, 'image/svg+xml');
  expect(drawn.querySelector('parsererror')).toBeNull();
  expect(drawn.querySelector('script')).toBeNull();
  const texts = [...drawn.querySelectorAll('text')].map((text) => text.textContent);
  expect(texts).toContain('<script>alert(1)</script>');
  expect(texts).toContain('Country');
  expect(drawn.querySelectorAll('rect').length).toBeGreaterThan(4);
  expect(drawn.querySelector('rect')?.getAttribute('fill')).toBe('rgb(255, 255, 255)');
  const png = await createImageBitmap(await rasterOf(picture));
  expect([png.width, png.height]).toEqual([2 * picture.width, 2 * picture.height]);
  here.remove();
});

test('a chart is drawn with its axes and its own layers', async () => {
  await import('../plot/engine.ts');
  const here = await stage(
    new FakeClient([fakeOrders()]),
    html`<exa-trend dataset="orders" measure="orders" style="height:300px"></exa-trend>`,
  );
  const gadget = here.find('exa-trend');
  await untilPhase(gadget, 'ready');
  await until('it is drawn', () => {
    const plot = gadget.shadowRoot?.querySelector('exa-plot');
    return (plot?.shadowRoot?.querySelectorAll('.bars path, .lines path').length ?? 0) > 0;
  });
  const { svg } = await pictureOf(gadget);
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml');
  expect(drawn.querySelector('parsererror')).toBeNull();
  expect(drawn.querySelectorAll('path').length).toBeGreaterThan(5);
  here.remove();
});

test.each([
  ['Revenue / month: "2011"', 'Revenue month 2011.csv'],
  ['..', 'Data.csv'],
  ['مبيعات', 'مبيعات.csv'],
])('%s is called %s', (title, name) => {
  expect(fileName(title, 'csv')).toBe(name);
});

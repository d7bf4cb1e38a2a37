import { html } from 'lit';
import { expect, test } from 'vitest';
import { gadgetContract } from '../gadget-contract.testing.ts';
import { stage, textIn, until, untilPhase } from '../gadget-stage.testing.ts';
import { FakeClient } from '../gallery/fake-client.ts';
import { fakeOrders } from '../gallery/fake-shop.ts';
import './distribution.ts';

const distribution = () => html`<exa-distribution dataset="orders" column="c6"></exa-distribution>`;

gadgetContract('exa-distribution', distribution, 'Items');

test('bins are whole, far values are counted apart and chosen by a button, a range by keyboard', async () => {
  const { head, rows } = fakeOrders(400);
  const far = rows.map((row, i) => ({ ...row, c6: i === 7 ? 80_995 : row.c6! }));
  const here = await stage(new FakeClient([{ head, rows: far }]), distribution());
  const gadget = here.find('exa-distribution');
  await untilPhase(gadget, 'ready');
  await gadget.changeState({ table: true });
  await until('the table is there', () => gadget.shadowRoot?.querySelector('tbody tr') !== null);
  const cells = [...(gadget.shadowRoot?.querySelectorAll('tbody td') ?? [])].map((cell) =>
    Number(cell.textContent?.replaceAll(',', '')),
  );
  expect(cells.reduce((sum, count) => sum + count, 0)).toBe(399);
  const above = gadget.shadowRoot?.querySelector<HTMLButtonElement>('button.above');
  expect(above?.textContent).toMatch(/From [\d,]+ on: 1 row/);
  above?.click();
  const filter = here.group.state.filters['distribution.orders.c6']?.filter;
  expect(filter).toMatchObject({ op: 'range', column: 'c6' });
  await until('it is pressed', () => above?.getAttribute('aria-pressed') === 'true');
  above?.click();
  expect(here.group.state.filters).toEqual({});
  await gadget.changeState({ table: false });
  const slider = () =>
    gadget.shadowRoot?.querySelector('exa-brush-layer')?.shadowRoot?.querySelector('[role=slider]');
  await until('the chart is drawn', () => slider() instanceof HTMLElement);
  slider()?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  expect(here.group.state.filters['distribution.orders.c6']?.filter).toMatchObject({ op: 'range', from: 2 });
  here.remove();
});

test('a column that is not one of numbers says so, and asks nothing', async () => {
  const { head, rows } = fakeOrders(20);
  const client = new FakeClient([{ head, rows }]);
  const column = head.columns.find(({ type }) => type.kind === 'text')?.id;
  const here = await stage(
    client,
    html`<exa-distribution dataset="orders" column=${column}></exa-distribution>`,
  );
  const gadget = here.find('exa-distribution');
  await untilPhase(gadget, 'ready');
  expect(textIn(gadget)).toContain('This column has no numbers');
  expect(client.asked).toEqual([]);
  here.remove();
});

test('a column without values says so', async () => {
  const { head, rows } = fakeOrders(20);
  const none = rows.map((row) => ({ ...row, c6: null }));
  const here = await stage(new FakeClient([{ head, rows: none }]), distribution());
  const gadget = here.find('exa-distribution');
  await untilPhase(gadget, 'ready');
  expect(textIn(gadget)).toContain('No values in this period');
  here.remove();
});

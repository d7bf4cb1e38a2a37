import { readFileSync } from 'node:fs';
import { expect, type Locator, type Page } from '@playwright/test';
import { exactFigure, gadget, plainNumber } from '../workbench.ts';
import type { Person } from './person.ts';
import { type Line, monthWord, type Retail, sums } from './retail.ts';
import { isAt, says, seen } from './waits.ts';

/** What a task may need to know. */
export interface World {
  readonly retail: Retail;
  /** `…/#/explore?data=…` of the imported table. */
  readonly explore: string;
  /** Another page of the same browser, as somebody a link was sent to has it. */
  readonly another: () => Promise<Page>;
}

/** One of the twelve, begun at Explore of the imported table as it comes. */
export interface Task {
  readonly number: number;
  readonly name: string;
  run(person: Person, world: World): Promise<void>;
}

const revenueOf = (line: Line): number => line.revenue;
const byMost = ([, one]: [string, number], [, other]: [string, number]): number => other - one;
/** Thousandths as the page's money. */
const money = (thousandths: number): number => thousandths / 1000;

/** Waits until nothing in sight is loading: what is out of sight asks for nothing. */
export async function settled(page: Page): Promise<void> {
  const loading = (): Promise<number> =>
    page.locator('main [phase="loading"]').evaluateAll(
      (all) =>
        all.filter((element) => {
          const { top, bottom } = element.getBoundingClientRect();
          return bottom > 0 && top < innerHeight;
        }).length,
    );
  await expect.poll(loading, { timeout: 60_000 }).toBe(0);
}

/** The rows of the view, brought into sight as a person scrolls to them. */
async function rowsInSight(page: Page): Promise<Locator> {
  const grid = page.locator('main exa-grid');
  await grid.scrollIntoViewIfNeeded();
  return grid;
}

function bar(page: Page, list: string, value: string): Locator {
  return page
    .getByRole('list', { name: list, exact: true })
    .getByRole('button', { name: new RegExp(`^${value} `) });
}

/** The table behind a trend, by month. */
async function monthTable(person: Person, heading: string): Promise<Record<string, string>> {
  const { page } = person;
  await person.choose(page.getByRole('combobox', { name: 'Grain' }), 'Month');
  const trend = gadget(page, 'exa-trend', heading).first();
  await person.press(trend.getByRole('button', { name: 'Show as a table' }));
  const month = trend.getByRole('rowheader').first();
  await expect.poll(() => month.textContent()).toMatch(/^\s*\w{3,4} \d{4}\s*$/);
  await settled(page);
  return Object.fromEntries(
    await trend
      .locator('tbody tr')
      .evaluateAll((rows) =>
        rows.map((row) => [
          row.querySelector('th')?.textContent?.trim() ?? '',
          row.querySelector('td')?.textContent?.trim() ?? '',
        ]),
      ),
  );
}

/** The first of the rows, opened. */
async function openFirst(person: Person, grid: Locator): Promise<void> {
  if (person.by === 'mouse') return person.press(grid.locator('.open').first());
  await person.press(grid);
  await person.page.keyboard.press('ArrowDown');
  await person.page.keyboard.press('Enter');
}

/** What a downloaded CSV holds, by this test's own reading: lines without their header. */
async function downloaded(page: Page, act: () => Promise<void>): Promise<string[]> {
  const [download] = await Promise.all([page.waitForEvent('download', { timeout: 60_000 }), act()]);
  return readFileSync(await download.path(), 'utf8')
    .trim()
    .split(/\r?\n/)
    .slice(1);
}

export const tasks: readonly Task[] = [
  {
    number: 1,
    name: 'name the best month',
    async run(person, { retail }) {
      const table = await monthTable(person, 'Revenue');
      const months = sums(retail.lines, ({ at }) => at.slice(0, 7), revenueOf);
      const [best, revenue] = [...months].sort(byMost)[0]!;
      const [shown, amount] = Object.entries(table)
        .map(([month, text]): [string, number] => [month, Number(plainNumber(text))])
        .sort(byMost)[0]!;
      expect(shown).toBe(monthWord(best));
      expect(amount).toBeCloseTo(money(revenue), 1);
    },
  },
  {
    number: 2,
    name: 'top ten countries without the United Kingdom',
    async run(person, { retail }) {
      const { page } = person;
      await person.exclude(bar(page, 'Country', 'United Kingdom'));
      await says(page.getByRole('list', { name: 'Filters in use' }), 'not United Kingdom');
      await person.press(
        gadget(page, 'exa-bars', 'Country').getByRole('button', { name: 'More', exact: true }),
      );
      const bars = page.getByRole('list', { name: 'Country', exact: true }).locator('button[aria-pressed]');
      await expect.poll(() => bars.count()).toBeGreaterThan(10);
      const wanted = [...sums(retail.lines, ({ country }) => country, revenueOf)]
        .filter(([country]) => country !== 'United Kingdom')
        .sort(byMost)
        .slice(0, 10);
      const shown = (await bars.evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? '')))
        .map((title) => title.split(' · '))
        .filter(([country]) => country !== 'United Kingdom')
        .slice(0, 10);
      expect(shown.map(([country]) => country)).toEqual(wanted.map(([country]) => country));
      shown.forEach(([, amount], at) => {
        expect(Number(plainNumber(amount ?? ''))).toBeCloseTo(money(wanted[at]![1]), 1);
      });
    },
  },
  {
    number: 3,
    name: 'the share of cancelled lines by month',
    async run(person, { retail }) {
      const name = await newMeasure(person, 'Cancelled share', 'sum(if(cancelled, 1, 0)) / count()');
      const table = await monthTable(person, name);
      const month = ({ at }: Line): string => at.slice(0, 7);
      const all = sums(retail.lines, month, () => 1);
      const cancelled = sums(retail.lines, month, ({ invoice }) => (invoice.startsWith('C') ? 1 : 0));
      for (const [one, count] of all)
        expect(Number(plainNumber(table[monthWord(one)] ?? ''))).toBeCloseTo(cancelled.get(one)! / count, 3);
    },
  },
  {
    number: 4,
    name: 'one client’s history',
    async run(person, { retail }) {
      const { page } = person;
      const clients = sums(
        retail.lines,
        ({ client }) => client,
        () => 1,
      );
      const [client, count] = [...clients].filter(([id]) => id !== '').sort(byMost)[3]!;
      await person.press(page.getByRole('button', { name: 'Filter', exact: true }));
      await person.press(
        page.locator('exa-filter-bar').getByRole('button', { name: 'Customer ID', exact: true }),
      );
      await person.choose(page.getByRole('combobox', { name: 'Condition' }), 'is exactly');
      await person.write(page.getByLabel('Value', { exact: true }), client);
      await person.press(page.getByRole('button', { name: 'Apply' }));
      const grid = await rowsInSight(page);
      await says(grid, `${count.toLocaleString('en-GB')} rows`);
      await openFirst(person, page.getByRole('grid'));
      await says(page.getByRole('dialog', { name: 'Online retail' }), client);
    },
  },
  {
    number: 5,
    name: 'revenue per client by quarter, as a pivot',
    async run(person, { retail }) {
      const { page } = person;
      await person.press(page.getByRole('link', { name: 'Pivot', exact: true }));
      await person.add(page.getByRole('combobox', { name: 'Add to rows' }), 'Customer ID');
      await person.press(page.getByRole('button', { name: 'Remove Country' }));
      const [[client, revenue]] = [...sums(retail.lines, ({ client }) => client, revenueOf)]
        .filter(([id]) => id !== '')
        .sort(byMost) as [[string, number]];
      const row = page.locator('exa-pivot [role=row]', {
        has: page.locator('[role=rowheader]', { hasText: client }),
      });
      await seen(row);
      await expect(page.locator('exa-pivot .waiting')).toHaveCount(0, { timeout: 30_000 });
      const quarters = sums(
        retail.lines.filter((line) => line.client === client),
        ({ at }) => `Q${Math.ceil(Number(at.slice(5, 7)) / 3)} ${at.slice(0, 4)}`,
        revenueOf,
      );
      const headers = await page.locator('exa-pivot [role=columnheader]').allInnerTexts();
      const cells = await row.locator('[role=gridcell]').allInnerTexts();
      const shown = new Map(
        headers
          .slice(1)
          .map((text, at): [string, number] => [
            /Q\d \d{4}|Total/.exec(text)?.[0] ?? text,
            Number(plainNumber(cells[at]!)),
          ]),
      );
      expect(shown.get('Total')).toBeCloseTo(money(revenue), 1);
      for (const [quarter, sum] of quarters) expect(shown.get(quarter), quarter).toBeCloseTo(money(sum), 1);
    },
  },
  {
    number: 6,
    name: 'a calculated measure: revenue a unit, by country',
    async run(person, { retail }) {
      const { page } = person;
      await newMeasure(person, 'Revenue a unit', 'sum(amount) / sum(Quantity)');
      const revenue = sums(retail.lines, ({ country }) => country, revenueOf);
      const units = sums(
        retail.lines,
        ({ country }) => country,
        ({ quantity }) => quantity,
      );
      const wanted = [...revenue]
        .map(([country, sum]): [string, number] => [country, money(sum) / units.get(country)!])
        .filter(([, ratio]) => Number.isFinite(ratio))
        .sort(byMost);
      await seen(bar(page, 'Country', wanted[0]![0]));
      await settled(page);
      const titles = await page
        .getByRole('list', { name: 'Country', exact: true })
        .locator('button[aria-pressed]')
        .evaluateAll((all) => all.map((one) => one.getAttribute('title') ?? ''));
      titles.slice(0, 5).forEach((title, at) => {
        const [country, amount] = title.split(' · ');
        expect(country).toBe(wanted[at]![0]);
        expect(Number(plainNumber(amount ?? ''))).toBeCloseTo(wanted[at]![1], 2);
      });
    },
  },
  {
    number: 7,
    name: 'save a view and find it again',
    async run(person, { retail }) {
      const { page } = person;
      const french = sums(retail.lines, ({ country }) => country, revenueOf).get('France') ?? 0;
      const name = `French lines, by ${person.by}`;
      await person.press(bar(page, 'Country', 'France'));
      await person.press(page.getByRole('button', { name: 'Save view', exact: true }));
      await person.write(page.getByRole('textbox', { name: 'Name' }), name);
      await person.press(page.getByRole('button', { name: 'Save', exact: true }));
      await isAt(page, /saved=/);
      await person.press(page.getByRole('link', { name: 'Home', exact: true }));
      const saved = page.getByRole('region', { name: 'Saved views' });
      await person.press(saved.getByRole('link', { name }));
      await showsRevenue(page, french);
    },
  },
  {
    number: 8,
    name: 'export what is filtered',
    async run(person, { retail }) {
      const { page } = person;
      await person.press(bar(page, 'Country', 'France'));
      const french = retail.lines.filter(({ country }) => country === 'France');
      await says(await rowsInSight(page), `${french.length.toLocaleString('en-GB')} rows`);
      await person.press(page.locator('main exa-grid').getByRole('button', { name: /more actions/ }));
      const csv = page.getByRole('menuitem', { name: 'CSV' });
      const rows = await downloaded(page, () => person.pick(csv));
      expect(rows.length).toBe(french.length);
      expect(rows.every((row) => row.includes('France'))).toBe(true);
    },
  },
  {
    number: 9,
    name: 'compare two quarters',
    async run(person, { retail }) {
      const { page } = person;
      await person.press(page.getByRole('button', { name: /^Period:/ }));
      await person.press(page.getByRole('button', { name: 'Previous quarter' }));
      const newest = retail.lines.reduce((last, { at }) => (at > last ? at : last), '');
      const quarter = (at: string): number =>
        Number(at.slice(0, 4)) * 4 + Math.floor((Number(at.slice(5, 7)) - 1) / 3);
      const within = (number: number): number =>
        retail.lines.reduce((sum, line) => sum + (quarter(line.at) === number ? line.revenue : 0), 0);
      const [now, before] = [within(quarter(newest) - 1), within(quarter(newest) - 2)];
      await showsRevenue(page, now);
      const change = Number(Math.abs((100 * (now - before)) / before).toFixed(1));
      const word = now > before ? 'more' : 'less';
      await says(gadget(page, 'exa-figure', 'Revenue'), `${change}% ${word}`);
    },
  },
  {
    number: 10,
    name: 'find “France” by search',
    async run(person, { retail }) {
      const { page } = person;
      const french = sums(retail.lines, ({ country }) => country, revenueOf).get('France') ?? 0;
      await person.write(page.getByRole('combobox', { name: /^Search/ }), 'France');
      await person.pick(page.getByRole('option', { name: /^France Country/ }));
      await says(page.getByRole('list', { name: 'Filters in use' }), 'France');
      await showsRevenue(page, french);
    },
  },
  {
    number: 11,
    name: 'the far end of a distribution',
    async run(person, { retail }) {
      const { page } = person;
      await person.choose(page.getByRole('combobox', { name: 'Number' }), 'Quantity');
      const spread = gadget(page, 'exa-distribution', 'Distribution of Quantity');
      await spread.scrollIntoViewIfNeeded();
      const above = spread.locator('button.above');
      await seen(above);
      const words = await above.innerText();
      const [, from, rows] = /^From ([\d,]+) on: ([\d,]+) rows?$/.exec(words.trim()) ?? [];
      const limit = Number(from?.replaceAll(',', ''));
      const far = retail.lines.filter(({ quantity }) => quantity >= limit).length;
      expect(far).toBeGreaterThan(0);
      expect(rows).toBe(far.toLocaleString('en-GB'));
      await person.press(above);
      await says(await rowsInSight(page), far === 1 ? '1 row' : `${far.toLocaleString('en-GB')} rows`);
    },
  },
  {
    number: 12,
    name: 'share a link',
    async run(person, { retail, another }) {
      const { page } = person;
      const french = sums(retail.lines, ({ country }) => country, revenueOf).get('France') ?? 0;
      await person.press(bar(page, 'Country', 'France'));
      await showsRevenue(page, french);
      // Nobody opens another tab within the tenth of a second that the rest is drawn in.
      await settled(page);
      const other = await another();
      await other.goto(page.url());
      await showsRevenue(other, french);
      await other.close();
    },
  },
];

/** Waits until the figure of revenue is this many thousandths. */
function showsRevenue(page: Page, thousandths: number): Promise<void> {
  return expect
    .poll(async () => Number(await exactFigure(page, 'Revenue')), { timeout: 30_000 })
    .toBeCloseTo(money(thousandths), 1);
}

/** Makes a measure in the formula editor and looks at it; resolves with its name, which nobody else gave. */
async function newMeasure(person: Person, what: string, formula: string): Promise<string> {
  const { page } = person;
  const name = `${what}, by ${person.by}`;
  await person.press(page.getByRole('button', { name: 'New measure…' }));
  const dialog = page.getByRole('dialog', { name: 'New measure' });
  await person.write(dialog.getByRole('textbox', { name: 'Name' }), name);
  await person.write(dialog.getByRole('textbox', { name: 'Formula' }), formula);
  await person.press(dialog.getByRole('button', { name: 'Save' }));
  await seen(gadget(page, 'exa-trend', name).first());
  return name;
}

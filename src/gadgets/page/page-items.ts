import type { DatasetSummary } from '../../protocol/head.ts';
import type { Filter } from '../../protocol/query.ts';

/** What can be put on a page. */
export const cardKinds = ['figure', 'trend', 'bars', 'distribution', 'grid'] as const;
export type CardKind = (typeof cardKinds)[number];

/** Whether a kind of card shows a measure of its table. */
export function showsMeasure(kind: CardKind): boolean {
  return kind === 'figure' || kind === 'trend' || kind === 'bars';
}

/** A card of a page: what it shows and where it stands. Plain JSON, part of the workspace. */
export interface PageItem {
  /** Unlike any other of the page; names the card's filters and state. */
  readonly id: string;
  readonly kind: CardKind;
  readonly dataset: string;
  /** Id of a measure of the table's; of a distribution none. */
  readonly measure?: string;
  /** What bars divide by, a distribution is of, a trend runs along. */
  readonly column?: string;
  readonly label?: string;
  /** Columns `[x, x + w)` of 12, rows `[y, y + h)`. */
  readonly x: number;
  readonly y: number;
  readonly w: number;
  readonly h: number;
  /** Filters of other cards do not reach it, nor its others. */
  readonly alone?: boolean;
}

/** A page as kept. */
export interface PageState {
  readonly title: string;
  readonly items: readonly PageItem[];
  readonly editing: boolean;
}

export const columnsOfPage = 12;
/** Smallest and largest height in rows. */
export const minRows = 1;
export const maxRows = 24;
export const maxItems = 60;

/** Sizes that suit a card. */
export const usualSizes: Readonly<Record<CardKind, { readonly w: number; readonly h: number }>> = {
  figure: { w: 3, h: 2 },
  trend: { w: 8, h: 4 },
  bars: { w: 4, h: 4 },
  distribution: { w: 4, h: 4 },
  grid: { w: 12, h: 6 },
};

type Box = Pick<PageItem, 'x' | 'y' | 'w' | 'h'>;

/** Whether two boxes share a cell. */
export function overlaps(one: Box, other: Box): boolean {
  return (
    one.x < other.x + other.w &&
    other.x < one.x + one.w &&
    one.y < other.y + other.h &&
    other.y < one.y + one.h
  );
}

/** A box inside the page. */
export function within({ x, y, w, h }: Box): Box {
  const width = clamp(Math.round(w), 1, columnsOfPage);
  return {
    w: width,
    h: clamp(Math.round(h), minRows, maxRows),
    x: clamp(Math.round(x), 0, columnsOfPage - width),
    y: Math.max(0, Math.round(y)),
  };
}

/**
 * Items without overlaps and without rows that nothing stands in: `first`, if given, stays where it is, whatever stands in
 * its way moves down, and everything then moves up as far as it goes. The order from top left to bottom right is kept.
 */
export function settled(items: readonly PageItem[], first?: string): PageItem[] {
  const placed: PageItem[] = [];
  const byPlace = [...items].sort(
    (a, b) => a.y - b.y || Number(b.id === first) - Number(a.id === first) || a.x - b.x,
  );
  const leading = byPlace.find(({ id }) => id === first);
  const fixed = leading ? [leading] : [];
  for (const item of byPlace) {
    if (item === leading) continue;
    let y = item.y;
    while ([...fixed, ...placed].some((other) => overlaps({ ...item, y }, other))) y++;
    placed.push({ ...item, y });
  }
  const all = [...fixed, ...placed].sort((a, b) => a.y - b.y || a.x - b.x);
  const risen: PageItem[] = [];
  for (const item of all) {
    let { y } = item;
    while (y > 0 && !risen.some((other) => overlaps({ ...item, y: y - 1 }, other))) y--;
    risen.push({ ...item, y });
  }
  return items.map(({ id }) => risen.find((one) => one.id === id)!);
}

/** The items after one was moved or resized. */
export function moved(items: readonly PageItem[], id: string, box: Partial<Box>): PageItem[] {
  const next = items.map((item) => (item.id === id ? { ...item, ...within({ ...item, ...box }) } : item));
  return settled(next, id);
}

/** The items with one more below all others, or where it fits in the last row. */
export function added(items: readonly PageItem[], item: Omit<PageItem, 'x' | 'y'>): PageItem[] {
  const bottom = items.reduce((most, { y, h }) => Math.max(most, y + h), 0);
  for (let y = Math.max(0, bottom - item.h); y <= bottom; y++)
    for (let x = 0; x + item.w <= columnsOfPage; x++) {
      const box = { ...item, x, y };
      if (!items.some((other) => overlaps(box, other))) return [...items, box];
    }
  return [...items, { ...item, x: 0, y: bottom }];
}

/** An id no item has. */
export function freshId(items: readonly PageItem[], kind: CardKind): string {
  for (let n = 1; ; n++) if (!items.some(({ id }) => id === `${kind}-${n}`)) return `${kind}-${n}`;
}

/** Items of a page by hand or of another release: what is no card is left out, what overlaps is put apart. */
export function readItems(value: unknown): PageItem[] {
  if (!Array.isArray(value)) return [];
  const items: PageItem[] = [];
  for (const one of value.slice(0, maxItems) as unknown[]) {
    const item = readItem(one);
    if (item && !items.some(({ id }) => id === item.id)) items.push(item);
  }
  return settled(items);
}

function readItem(value: unknown): PageItem | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, kind, dataset, measure, column, label, alone, x, y, w, h } = value as Record<string, unknown>;
  const known = cardKinds.find((one) => one === kind);
  if (!known || typeof id !== 'string' || id === '' || typeof dataset !== 'string') return undefined;
  const number = (given: unknown, usual: number): number =>
    typeof given === 'number' && Number.isFinite(given) ? given : usual;
  const size = usualSizes[known];
  return {
    id,
    kind: known,
    dataset,
    ...(typeof measure === 'string' ? { measure } : {}),
    ...(typeof column === 'string' ? { column } : {}),
    ...(typeof label === 'string' ? { label } : {}),
    ...(alone === true ? { alone } : {}),
    ...within({
      x: number(x, 0),
      y: Math.min(number(y, 0), 10_000),
      w: number(w, size.w),
      h: number(h, size.h),
    }),
  };
}

/** What a template needs to know of a table. */
export interface TemplateTable {
  readonly dataset: DatasetSummary;
  readonly measures: readonly string[];
  readonly dimensions: readonly string[];
}

/** A page that suits a table: figures, a trend where rows have a date, leaderboards, the rows. */
export function templateOf({ dataset, measures, dimensions }: TemplateTable): PageItem[] {
  const [first] = measures;
  const isDated = dataset.profile.roles.date !== undefined;
  let items: PageItem[] = [];
  const add = (kind: CardKind, rest: Partial<PageItem>, size = usualSizes[kind]): void => {
    items = added(items, { id: freshId(items, kind), kind, dataset: dataset.id, ...size, ...rest });
  };
  for (const measure of measures.slice(0, 4)) add('figure', { measure });
  if (isDated && first) add('trend', { measure: first });
  for (const column of dimensions.slice(0, isDated ? 4 : 3))
    if (first) add('bars', { measure: first, column });
  add('grid', {});
  return settled(items);
}

/** A filter of an item that stands alone. */
export type OwnFilters = Readonly<Record<string, { readonly dataset: string; readonly filter: Filter }>>;

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Head } from '../../protocol/head.ts';
import { type Role, roles } from '../../protocol/profile.ts';
import type { ColumnRef, Filter, RowsQuestion } from '../../protocol/query.ts';

/** One sort key. */
export interface GridOrder {
  readonly column: ColumnRef;
  readonly descending: boolean;
}

/** Rows asked for at once. */
export const windowRows = 256;

/** Windows begin at multiples of this, some rows before the view: a view of up to 140 rows fits, short scrolls ask nothing. */
const windowStep = 64;

/** A window of rows. */
export function gridQuestion(of: {
  readonly dataset: string;
  readonly columns: readonly ColumnRef[];
  readonly where: Filter | undefined;
  readonly order: readonly GridOrder[];
  readonly offset: number;
  readonly limit?: number;
}): RowsQuestion {
  return {
    kind: 'rows',
    dataset: of.dataset,
    where: of.where,
    order: of.order,
    columns: of.columns,
    offset: of.offset,
    limit: of.limit ?? windowRows,
  };
}

/** Offset of the window that serves the rows `[start, end)`; the present one as long as it does. */
export function windowFor(start: number, end: number, present: number): number {
  if (start >= present && end <= present + windowRows) return present;
  return Math.max(0, Math.floor((start - 48) / windowStep) * windowStep);
}

const firstRoles: readonly Role[] = ['id', 'name', 'date', 'client', 'state', 'country', 'shop', 'amount'];

/** Rows a linked table may have for its names to be shown beside each row (as kernels join). */
const maxLinkedRows = 65_536;

/**
 * The columns a grid shows unasked: those with a role first, then stored and calculated ones, then linked dimensions.
 * A column that names a row of a linked table is shown by that row's name, where one of `linked` says which it is.
 */
export function columnsOf(head: Head, linked: readonly Head[] = [], limit = 24): ColumnRef[] {
  const { profile } = head;
  const played = [...firstRoles, ...roles].flatMap((role) => profile.roles[role] ?? []);
  const copies = new Map(
    profile.links.flatMap(({ id, copies = [] }) => copies.map(({ column, as }) => [as, `${id}.${column}`])),
  );
  const stored = head.columns.map(({ id }) => copies.get(id) ?? id);
  const calculated = profile.calculated.map(({ id }) => id);
  const dimensions = profile.dimensions.filter((column) => column.includes('.'));
  const all = [...played, ...stored, ...calculated, ...dimensions];
  return [...new Set(all.map((column) => linkedName(head, column, linked) ?? column))].slice(0, limit);
}

function linkedName(head: Head, column: ColumnRef, linked: readonly Head[]): ColumnRef | undefined {
  const link = head.profile.links.find((one) => one.column === column);
  const target = linked.find(({ id }) => id === link?.dataset);
  const name = target?.profile.roles.name;
  if (!link || !target || name === undefined || name === link.key) return undefined;
  const isKept = link.copies?.some(({ column }) => column === name);
  return isKept || target.allocated <= maxLinkedRows ? `${link.id}.${name}` : undefined;
}

/** The order of a grid nobody sorted: newest first where rows have a time, else as they came. */
export function firstOrder({ profile }: Head): readonly GridOrder[] {
  const dated = profile.roles.date !== undefined || profile.part === 'orders';
  return dated ? [{ column: '_row', descending: true }] : [];
}

/** The order after a header was chosen: ascending, descending, none; dates and amounts begin descending. */
export function nextOrder(
  order: readonly GridOrder[],
  column: ColumnRef,
  type: ColumnType | undefined,
): readonly GridOrder[] {
  const first = type !== undefined && type.kind !== 'text';
  const present = order[0]?.column === column ? order[0] : undefined;
  if (!present) return [{ column, descending: first }];
  return present.descending === first ? [{ column, descending: !first }] : [];
}

/** Runs of columns under one heading: the table's own (`link` undefined) and of each link that has several. */
export function headerGroups(
  columns: readonly ColumnRef[],
  head: Head,
): readonly { readonly link: string | undefined; readonly span: number }[] {
  const several = linksOfSeveral(columns);
  const groups: { link: string | undefined; span: number }[] = [];
  for (const column of columns) {
    const link = several.find((id) => column.startsWith(`${id}.`));
    const label = head.profile.links.find(({ id }) => id === link)?.label ?? link;
    const last = groups[groups.length - 1];
    if (last && last.link === label) last.span++;
    else groups.push({ link: label, span: 1 });
  }
  return groups;
}

/** Links with more than one column shown. */
export function linksOfSeveral(columns: readonly ColumnRef[]): string[] {
  const links = columns.flatMap((column) => (column.includes('.') ? column.split('.')[0]! : []));
  return [...new Set(links.filter((link, i) => links.indexOf(link) !== i))];
}

/** Columns of links that have several moved behind the others, so that each heading is one run. */
export function grouped(columns: readonly ColumnRef[]): ColumnRef[] {
  const links = linksOfSeveral(columns);
  const isOf = (column: ColumnRef, link: string): boolean => column.startsWith(`${link}.`);
  return [
    ...columns.filter((column) => !links.some((link) => isOf(column, link))),
    ...links.flatMap((link) => columns.filter((column) => isOf(column, link))),
  ];
}

/** Reads what people typed into a column's filter. Text: contains. Others: `[from, to]`, either left out. */
export function typedFilter(
  column: ColumnRef,
  type: ColumnType,
  typed: { readonly text?: string; readonly from?: string; readonly to?: string },
): Filter | undefined {
  if (type.kind === 'text') {
    const text = typed.text?.trim() ?? '';
    return text === '' ? undefined : { op: 'contains', column, text };
  }
  if (type.kind === 'bool')
    return typed.text === 'true' || typed.text === 'false'
      ? { op: 'in', column, values: [typed.text === 'true'] }
      : undefined;
  const from = literalOf(typed.from, type, false);
  const to = literalOf(typed.to, type, true);
  return from === undefined && to === undefined ? undefined : { op: 'range', column, from, to };
}

/** A typed end as a literal; `after`: the first value past it, since ranges leave their end out. */
function literalOf(typed: string | undefined, type: ColumnType, after: boolean): Literal | undefined {
  const text = typed?.trim().replace(',', '.') ?? '';
  if (text === '') return undefined;
  if (type.kind === 'date' || type.kind === 'timestamp') {
    const instant = Date.parse(`${text.slice(0, 10)}T00:00:00.000Z`);
    if (Number.isNaN(instant)) return undefined;
    const iso = new Date(instant + (after ? 86_400_000 : 0)).toISOString();
    return type.kind === 'date' ? iso.slice(0, 10) : iso;
  }
  if (!/^-?\d+(\.\d+)?$/.test(text)) return undefined;
  if (type.kind === 'int32') return Math[after ? 'floor' : 'ceil'](Number(text)) + (after ? 1 : 0);
  if (type.kind === 'float64') return after ? nextDouble(Number(text)) : Number(text);
  const scale = type.kind === 'decimal' ? type.scale : 0;
  const [whole = '0', fraction = ''] = text.split('.');
  const cut = BigInt(`${whole}${fraction.padEnd(scale, '0').slice(0, scale)}`);
  const unscaled = cut + (after ? 1n : 0n);
  return scale === 0 ? String(unscaled) : decimalText(unscaled, scale);
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
}

/** The double after `value`. */
function nextDouble(value: number): number {
  if (!Number.isFinite(value)) return value;
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value === 0 ? 0 : value);
  const bits = view.getBigInt64(0);
  view.setBigInt64(0, bits >= 0n ? bits + 1n : bits - 1n);
  return view.getFloat64(0);
}

/** Cells as tab-separated text that spreadsheets paste whole: a cell with a tab, line end or quote is quoted. */
export function tsvOf(rows: readonly (readonly string[])[]): string {
  const cell = (text: string): string => (/["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  return rows.map((row) => row.map(cell).join('\t')).join('\n');
}

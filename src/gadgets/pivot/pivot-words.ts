import { msg, str } from '@lit/localize';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { Formats } from '../format.ts';
import { wholeColumns } from './pivot.query.ts';
import type { Spot } from './pivot-list.ts';
import type { PivotModel } from './pivot-model.ts';
import type { PivotKey } from './pivot-state.ts';

/** A row's or a column's key as people read it; `plain`: it names something. */
export function keyWords(
  key: PivotKey,
  value: Literal,
  type: ColumnType | undefined,
  formats: Formats,
  { zone, plain }: { readonly zone: string; readonly plain: boolean },
): string {
  if (value === null) return msg('(none)');
  if (key.grain)
    return formats.bin(Date.parse(String(value)), key.grain, key.grain === 'hour' ? zone : 'UTC');
  if (key.width) return `${formats.number(value)} – ${formats.number(Number(value) + key.width)}`;
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  if (type?.kind === 'date') return formats.date(Date.parse(String(value)));
  if (type?.kind === 'timestamp') return formats.dateTime(Date.parse(String(value)), zone);
  if (typeof value === 'number') return plain ? String(value) : formats.number(value);
  return value === '' ? msg('(empty)') : value;
}

/** A measure's name with its currency, which its cells leave out. */
export function measureTitle({ label, format }: Measure, currency: string | undefined): string {
  return format === 'money' && currency ? `${label} (${currency})` : label;
}

/** A measure at a spot, money without its currency; empty where it has no rows. */
export function spotWords(spot: Spot | undefined, measure: Measure, formats: Formats): string {
  if (!spot || spot.row < 0 || !spot.table.has(measure.id)) return '';
  const { table, row } = spot;
  const value = table.value(measure.id, row);
  if (value === null) return '';
  const type = table.type(measure.id);
  if (type.kind === 'date') return formats.date(Number(value) * 86_400_000);
  if (type.kind === 'timestamp') return formats.dateTime(Number(value));
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  if (typeof value === 'string') return value;
  if (measure.format === 'percent') return formats.percent(value);
  if (type.kind === 'decimal') return formats.number(table.exact(measure.id, row), type.scale);
  const isWhole = typeof value === 'bigint' || Number.isInteger(value);
  return formats.number(value, measure.format === 'money' || !isWhole ? 2 : undefined);
}

/** A measure at a spot as a double; NaN where there is none. */
export function spotNumber(spot: Spot | undefined, measure: Measure): number {
  if (!spot || spot.row < 0 || !spot.table.has(measure.id)) return Number.NaN;
  const value = spot.table.value(measure.id, spot.row);
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : Number.NaN;
}

/** How many rows and columns there are, and what is not there for their number. */
export function countWords(model: PivotModel, formats: Formats): string {
  const rows = formats.number(model.rowCount);
  const columns = formats.number(model.columnCount);
  if (model.lacksSubtotals) {
    const most = formats.number(wholeColumns);
    return msg(str`${rows} rows × ${columns} columns, without subtotals as they are more than ${most}`);
  }
  return model.columnCount > 0 ? msg(str`${rows} rows × ${columns} columns`) : msg(str`${rows} rows`);
}

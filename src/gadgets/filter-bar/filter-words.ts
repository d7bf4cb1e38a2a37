import { msg, str } from '@lit/localize';
import type { ColumnType, Literal } from '../../protocol/column.ts';
import type { Filter } from '../../protocol/query.ts';
import type { Formats } from '../format.ts';

/** What a pill needs to speak of columns. */
export interface ColumnWords {
  label(column: string): string;
  type(column: string): ColumnType | undefined;
  readonly zone: string;
  /** Whether a column's values name things and are written without groups of digits. */
  isIdentifier?(column: string): boolean;
}

/** Values a pill names before it counts the rest. */
const namedValues = 3;

/** A filter as a pill says it: the column, what of it, and whether it keeps rows out. */
export function filterWords(
  filter: Filter,
  columns: ColumnWords,
  formats: Formats,
): { readonly label: string; readonly text: string; readonly excludes: boolean } {
  if (filter.op === 'not') {
    const inner = filterWords(filter.of, columns, formats);
    return { ...inner, excludes: !inner.excludes };
  }
  if ('of' in filter) {
    const parts = filter.of.map((part) => {
      const { label, text, excludes } = filterWords(part, columns, formats);
      return excludes ? `${label} ${msg('not')} ${text}` : `${label} ${text}`;
    });
    const first = filter.of[0];
    const only = first && filter.of.length === 1 ? filterWords(first, columns, formats) : undefined;
    return (
      only ?? {
        label: msg('Filter'),
        text: parts.join(filter.op === 'or' ? msg(' or ') : ', '),
        excludes: false,
      }
    );
  }
  const label = columns.label(filter.column);
  const type = columns.type(filter.column) ?? { kind: 'text' };
  const plain = columns.isIdentifier?.(filter.column) ?? false;
  const say = (value: Literal): string => valueWords(value, type, formats, { zone: columns.zone, plain });
  if (filter.op === 'starts') return { label, text: msg(str`begins with “${filter.text}”`), excludes: false };
  if (filter.op === 'contains') return { label, text: msg(str`contains “${filter.text}”`), excludes: false };
  if (filter.op === 'in') {
    const shown = filter.values.slice(0, namedValues).map(say);
    const rest = filter.values.length - shown.length;
    return { label, text: rest > 0 ? `${shown.join(', ')} +${rest}` : shown.join(', '), excludes: false };
  }
  const { from, to } = filter;
  const temporal = type.kind === 'date' || type.kind === 'timestamp';
  if (temporal && typeof from === 'string' && typeof to === 'string')
    return {
      label,
      text: formats.period(Date.parse(from), Date.parse(to), type.kind === 'date' ? 'UTC' : columns.zone),
      excludes: false,
    };
  const text =
    from !== undefined && to !== undefined
      ? msg(str`${say(from)} to below ${say(to)}`)
      : from !== undefined
        ? msg(str`from ${say(from)}`)
        : to !== undefined
          ? msg(str`below ${say(to)}`)
          : msg('any');
  return { label, text, excludes: false };
}

function valueWords(
  value: Literal,
  type: ColumnType,
  formats: Formats,
  { zone, plain }: { readonly zone: string; readonly plain: boolean },
): string {
  if (value === null) return msg('(none)');
  if (typeof value === 'boolean') return value ? msg('yes') : msg('no');
  if ((type.kind === 'date' || type.kind === 'timestamp') && typeof value === 'string')
    return formats.date(Date.parse(value), type.kind === 'date' ? 'UTC' : zone);
  return type.kind === 'text' ? String(value) : formats.cell(value, type, { plain });
}

import { findColumn } from '../../protocol/column-names.ts';
import { aggregateFunctions, windowFunctions } from '../../protocol/formula.ts';
import { calendarUnits, namedFunctions, spanUnits } from '../../protocol/formula-functions.ts';
import { printName } from '../../protocol/formula-print.ts';
import type { Head } from '../../protocol/head.ts';
import { columnLabel } from '../column-label.ts';

/** Something that may be written where the caret stands. */
export interface Choice {
  readonly kind: 'column' | 'function' | 'measure' | 'word';
  readonly label: string;
  /** What is written. Of a function, with its opening parenthesis. */
  readonly insert: string;
  /** Function name, or the kind of a column's values. */
  readonly of: string;
}

/** What fits at a caret: choices that replace `[from, caret)`. */
export interface Choices {
  readonly from: number;
  readonly choices: readonly Choice[];
}

/**
 * Completions of a formula: columns by their labels, those of linked tables, measures (in a measure), functions; the
 * units where `startof('` or `datediff('` waits for one. Undefined within other texts and numbers.
 */
export function choicesAt(
  text: string,
  caret: number,
  place: {
    readonly kind: 'column' | 'measure';
    readonly head: Head;
    readonly linked?: readonly Head[];
    readonly id?: string;
  },
): Choices | undefined {
  const before = text.slice(0, caret);
  const unit = /(startof|datediff)\s*\(\s*'([a-z]*)$/i.exec(before);
  if (unit) {
    const units: readonly string[] = unit[1]!.toLowerCase() === 'startof' ? calendarUnits : spanUnits;
    return {
      from: caret - unit[2]!.length,
      choices: units.map((name) => ({
        kind: 'word',
        label: name,
        insert: text[caret] === "'" ? name : `${name}'`,
        of: '',
      })),
    };
  }
  if (isWithin(before, "'")) return undefined;
  const quoted = isWithin(before, '"') ? before.lastIndexOf('"') : -1;
  const word = /[\p{L}_][\p{L}\p{N}_.]*$/u.exec(before)?.[0] ?? '';
  if (quoted < 0 && word === '' && /[\d.]$/.test(before)) return undefined;
  const from = quoted >= 0 ? quoted : caret - word.length;
  const typed = text.slice(quoted >= 0 ? from + 1 : from, caret).toLowerCase();
  const all = [...columns(place), ...(quoted >= 0 ? [] : functions(place.kind))];
  const fits = ({ label, insert }: Choice): number => {
    const [first, second] = [label.toLowerCase(), insert.toLowerCase()];
    if (typed === '' || first.startsWith(typed) || second.startsWith(typed)) return 0;
    return first.includes(typed) || second.includes(typed) ? 1 : 2;
  };
  const choices = [0, 1].flatMap((rank) => all.filter((choice) => fits(choice) === rank));
  return choices.length ? { from, choices } : undefined;
}

function isWithin(before: string, quote: string): boolean {
  let open = '';
  for (const character of before)
    if (open === '' && (character === "'" || character === '"')) open = character;
    else if (character === open) open = '';
  return open === quote;
}

type Place = Parameters<typeof choicesAt>[2];

function columns({ kind, head, linked = [], id }: Place): Choice[] {
  const { profile } = head;
  const own = [
    ...head.columns.map((column) => ({ id: column.id, of: column.type.kind })),
    ...profile.calculated.filter((column) => column.id !== id).map((column) => ({ id: column.id, of: '' })),
  ].map(({ id: reference, of }): Choice => {
    const label = columnLabel(reference, head, linked);
    const name = findColumn(head, label)
      ? label
      : (head.columns.find((one) => one.id === reference)?.name ?? reference);
    return { kind: 'column', label, insert: printName(name), of };
  });
  const far = profile.links.flatMap((link) =>
    (linked.find((one) => one.id === link.dataset)?.columns ?? []).map(
      (column): Choice => ({
        kind: 'column',
        label: columnLabel(`${link.id}.${column.id}`, head, linked),
        insert: printName(`${link.id}.${column.name}`),
        of: column.type.kind,
      }),
    ),
  );
  const measures =
    kind === 'column'
      ? []
      : profile.measures
          .filter((one) => one.id !== id)
          .map(
            ({ id: measure, label }): Choice => ({
              kind: 'measure',
              label,
              insert: printName(measure),
              of: '',
            }),
          );
  return [...own, ...measures, ...far];
}

function functions(kind: Place['kind']): Choice[] {
  const many = [...aggregateFunctions, 'median', ...windowFunctions];
  const row = ['if', 'coalesce', ...namedFunctions];
  const names = kind === 'measure' ? [...many, ...row] : row;
  const words = ['and', 'or', 'not', 'null', 'true', 'false'];
  return [
    ...names.map((name): Choice => ({ kind: 'function', label: name, insert: `${name}(`, of: name })),
    ...words.map((name): Choice => ({ kind: 'word', label: name, insert: name, of: '' })),
  ];
}

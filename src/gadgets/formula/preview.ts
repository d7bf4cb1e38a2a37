import type { CheckedFormula } from '../../protocol/check-formula.ts';
import { findColumn } from '../../protocol/column-names.ts';
import type { Formula } from '../../protocol/formula.ts';
import { parseFormula } from '../../protocol/formula-parse.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import type { GroupKey, Question } from '../../protocol/query.ts';

/** Rows and groups a preview shows. */
const shown = 5;
/** Columns shown beside a calculated one. */
const beside = 3;

/** Id of the measure a preview asks for. */
export const previewMeasure = 'x_preview';

/**
 * The first values of a formula before it is kept: of a column the first rows with what it reads, of a measure the whole,
 * and where it goes over groups the first of them. `text` is a formula that was checked.
 */
export function previewQuestion(text: string, kind: 'column' | 'measure', head: Head): Question {
  const dataset = head.id;
  const formula = parseFormula(text);
  if (kind === 'column') {
    const columns = [...new Set(columnsIn(formula, head))].slice(0, beside);
    return { kind: 'rows', dataset, order: [], columns: [...columns, `=${text}`], offset: 0, limit: shown };
  }
  const measure: Measure = { id: previewMeasure, label: '', formula: text, format: 'number' };
  const key = goesOverGroups(formula, head, 0) ? groupFor(head) : undefined;
  return {
    kind: 'aggregate',
    dataset,
    groupBy: key ? [key] : [],
    measures: [measure],
    ...(key && { limit: shown }),
  };
}

/** The answer's column with the values. */
export function previewColumn(question: Question): string {
  return question.kind === 'rows' ? question.columns.at(-1)! : previewMeasure;
}

/** How a measure is shown unless people say otherwise. */
export function formatFor({ type, unit }: Pick<CheckedFormula, 'type' | 'unit'>): Measure['format'] {
  if (unit.kind === 'money' || unit.kind === 'percent' || unit.kind === 'count') return unit.kind;
  return type.kind === 'int64' ? 'count' : 'number';
}

function columnsIn(formula: Formula, head: Head): string[] {
  switch (formula.op) {
    case 'column': {
      const found = findColumn(head, formula.column);
      return [found?.stored ?? found?.calculated ?? formula.column];
    }
    case 'call':
      return formula.args.flatMap((arg) => columnsIn(arg, head));
    default:
      return [];
  }
}

function goesOverGroups(formula: Formula, head: Head, depth: number): boolean {
  if (formula.op === 'window') return true;
  if (formula.op === 'call') return formula.args.some((arg) => goesOverGroups(arg, head, depth));
  if (formula.op !== 'column' || depth > 8) return false;
  const measure = head.profile.measures.find(
    ({ id, label }) => id === formula.column || label === formula.column,
  );
  return measure !== undefined && goesOverGroups(parseFormula(measure.formula), head, depth + 1);
}

function groupFor({ profile }: Head): GroupKey | undefined {
  const { date } = profile.roles;
  if (date !== undefined) return { by: 'time', column: date, unit: 'month', zone: profile.zone };
  const [column] = profile.dimensions;
  return column === undefined ? undefined : { by: 'value', column };
}

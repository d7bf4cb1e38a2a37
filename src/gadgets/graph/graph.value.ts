import { ExaError } from '../../protocol/errors.ts';

/** One series of a graph: a value a label, in the order given. */
export interface GraphSeries {
  readonly title: string;
  readonly shape: 'bar' | 'line' | 'points';
  readonly labels: readonly string[];
  /** Null where there is none. */
  readonly values: readonly (number | null)[];
}

/** What ERP5 gives a graph gadget to draw, read. */
export interface Graph {
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly series: readonly GraphSeries[];
}

/** Most series of a graph, and most points of one of them. */
export const mostSeries = 12;
export const mostPoints = 4000;

type Fields = Readonly<Record<string, unknown>>;

/**
 * Reads ERP5's graph value: `{ data: [{ value_dict: { 0: labels, 1: values }, type, title }], layout: { title,
 * axis_dict: { 0: { title }, 1: { title } } } }`. A pie is drawn as bars, longest first. Throws `invalid` in one sentence.
 */
export function parseGraph(value: unknown): Graph {
  const { data, layout } = fieldsOf(value, 'value');
  if (!Array.isArray(data)) throw wrong('“data” is no list of series');
  if (data.length > mostSeries) throw wrong(`it has ${data.length} series, and at most ${mostSeries} fit`);
  const { title, axis_dict } = fieldsOf(layout ?? {}, 'layout');
  const axes = fieldsOf(axis_dict ?? {}, 'axis_dict');
  const titleOf = (axis: '0' | '1'): string => textOf(fieldsOf(axes[axis] ?? {}, 'axis').title);
  return {
    title: textOf(title),
    xTitle: titleOf('0'),
    yTitle: titleOf('1'),
    series: data.map((one, at) => parseSeries(one, at + 1)),
  };
}

function parseSeries(value: unknown, place: number): GraphSeries {
  const { value_dict, type, title } = fieldsOf(value, `series ${place}`);
  const { 0: labels, 1: values } = fieldsOf(value_dict, `value_dict of series ${place}`);
  if (!Array.isArray(labels) || !Array.isArray(values))
    throw wrong(`series ${place} lacks its lists 0 (labels) and 1 (values)`);
  if (labels.length !== values.length)
    throw wrong(`series ${place} has ${labels.length} labels and ${values.length} values`);
  if (labels.length > mostPoints)
    throw wrong(`series ${place} has ${labels.length} points, and at most ${mostPoints} fit`);
  const points = labels.map((label, at) => ({ label: textOf(label), value: numberOf(values[at]) }));
  if (type === 'pie') points.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  return {
    title: textOf(title),
    shape: type === 'scatter' ? 'points' : type === 'line' || type === 'lines' ? 'line' : 'bar',
    labels: points.map(({ label }) => label),
    values: points.map((point) => point.value),
  };
}

function fieldsOf(value: unknown, what: string): Fields {
  if (typeof value === 'object' && value !== null) return value as Fields;
  throw wrong(`its ${what} is no object`);
}

function textOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value).slice(0, 200) : '';
}

function numberOf(value: unknown): number | null {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

function wrong(why: string): ExaError {
  return new ExaError('invalid', `This graph cannot be drawn: ${why}.`);
}

/** Every label once, in the order they first come. */
export function labelsOf({ series }: Graph): readonly string[] {
  return [...new Set(series.flatMap(({ labels }) => labels))];
}

import { ExaError } from '../protocol/errors.ts';
import { isRecord } from '../protocol/is-record.ts';
import { type FrameAddress, parseFrameAddress } from './frame-address.ts';

/** What a renderJS parent asked to be shown, read. */
export interface RenderOptions {
  /** Undefined: the gadget that stands there, or that the address names. */
  readonly address: FrameAddress | undefined;
  /** State for the gadget, plain JSON. */
  readonly state: object | undefined;
  /** The name of the form field the gadget stands for; `getContent` answers by it. */
  readonly key: string | undefined;
  /** Whether `getContent` has anything to say. */
  readonly editable: boolean;
  /** Documents of the parent to be drawn. */
  readonly documents: DocumentsAsked | undefined;
}

/** Documents asked of the parent's jIO: counted, or `value` summed, by `label`. */
export interface DocumentsAsked {
  readonly query: string;
  readonly label: string;
  readonly value: string | undefined;
  readonly title: string;
}

/**
 * Reads the options of `render`: a gadget with its attributes (`{ gadget, …, state }`), a GadgetField's (`{ key, value,
 * editable, … }`, whose value is the state as JSON), or ERP5's graph (`{ value: { data, layout } }`), which needs no gadget
 * named; or documents (`{ jio: { query, label, value } }`). Throws `invalid` in one sentence.
 */
export function readRenderOptions(options: unknown): RenderOptions {
  if (options !== undefined && options !== null && !isRecord(options))
    throw new ExaError('invalid', 'render takes one object of options.');
  const { gadget, state, value, key, editable, hidden: _, jio, ...rest } = options ?? {};
  const graph = isRecord(value) && Array.isArray(value.data) ? { value } : undefined;
  const kept = typeof value === 'string' && value.trim() !== '' ? parseKept(value) : undefined;
  const documents = isRecord(jio) ? readDocuments(jio) : undefined;
  const named = typeof gadget === 'string' ? gadget : graph || documents ? 'exa-graph' : undefined;
  const given = graph ?? (isRecord(state) ? state : kept);
  return {
    address: named === undefined ? undefined : addressOf(named, rest),
    state: given,
    key: typeof key === 'string' ? key : undefined,
    editable: editable !== false && editable !== 0,
    documents,
  };
}

function addressOf(tag: string, attributes: Readonly<Record<string, unknown>>): FrameAddress {
  const pairs = Object.entries(attributes).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
  );
  return parseFrameAddress(`${tag}?${new URLSearchParams(pairs).toString()}`);
}

function parseKept(text: string): object {
  try {
    const kept: unknown = JSON.parse(text);
    if (isRecord(kept)) return kept;
  } catch {
    // Said below.
  }
  throw new ExaError('invalid', 'The value of this field is no state of a gadget: it is not a JSON object.');
}

function readDocuments({ query, label, value, title }: Record<string, unknown>): DocumentsAsked {
  if (typeof label !== 'string' || label === '')
    throw new ExaError('invalid', 'jio needs a “label”: the property by which documents are counted.');
  return {
    query: typeof query === 'string' ? query : '',
    label,
    value: typeof value === 'string' ? value : undefined,
    title: typeof title === 'string' ? title : '',
  };
}

/** The options that a parent's `jio_allDocs` is asked with. */
export function documentsQuestion({ query, label, value }: DocumentsAsked): object {
  return { query, select_list: value === undefined ? [label] : [label, value], limit: [0, 1000] };
}

/** ERP5's graph value of the documents a parent answered with. Throws `invalid` for what is no such answer. */
export function documentsGraph({ label, value, title }: DocumentsAsked, answer: unknown): object {
  const rows = isRecord(answer) && isRecord(answer.data) ? answer.data.rows : undefined;
  if (!Array.isArray(rows))
    throw new ExaError('invalid', 'This page answers jio_allDocs with no list of documents.');
  const sums = new Map<string, number>();
  for (const row of rows) {
    const fields = isRecord(row) && isRecord(row.value) ? row.value : {};
    const name = String(fields[label] ?? '—');
    const amount = value === undefined ? 1 : Number(fields[value] ?? 0);
    sums.set(name, (sums.get(name) ?? 0) + (Number.isFinite(amount) ? amount : 0));
  }
  const sorted = [...sums].sort(([, a], [, b]) => b - a);
  return {
    data: [
      {
        type: 'bar',
        title,
        value_dict: { 0: sorted.map(([name]) => name), 1: sorted.map(([, sum]) => sum) },
      },
    ],
    layout: { title, axis_dict: { 0: { title: '' }, 1: { title: '' } } },
  };
}

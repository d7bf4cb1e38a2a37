import { parseFilter, printFilter } from './filter-text.ts';
import { parsePeriod, printPeriod } from './period.ts';
import { emptyWorkspace, type ViewName, views, type Workspace, type WorkspaceFilter } from './workspace.ts';

/** A workspace read from a URL, and what in it was not understood, in words of the URL. */
export interface ParsedWorkspace {
  readonly workspace: Workspace;
  readonly dropped: readonly string[];
}

/**
 * A workspace as the fragment of a URL: `#/orders?data=shop&period=last-30-days&f.country=in(country,France)`.
 * Only what differs from an empty workspace is written.
 */
export function printWorkspace(workspace: Workspace): string {
  const pairs: [string, string][] = [];
  if (workspace.dataset !== undefined) pairs.push(['data', workspace.dataset]);
  if (workspace.period) pairs.push(['period', printPeriod(workspace.period)]);
  if (!workspace.compare) pairs.push(['compare', 'no']);
  else if (workspace.against === 'year') pairs.push(['compare', 'year']);
  if (workspace.saved !== undefined) pairs.push(['saved', workspace.saved]);
  for (const [id, held] of sorted(workspace.filters))
    pairs.push([
      `f.${id}`,
      held.dataset === workspace.dataset
        ? printFilter(held.filter)
        : `${encodeURIComponent(wellFormed(held.dataset)).replaceAll('(', '%28')}@${printFilter(held.filter)}`,
    ]);
  for (const [id, state] of sorted(workspace.gadgets)) pairs.push([`s.${id}`, JSON.stringify(state)]);
  if (workspace.rows) pairs.push(['rows', printRows(workspace.rows)]);
  if (workspace.record) pairs.push(['record', `${workspace.record.row}@${workspace.record.dataset}`]);
  const query = pairs.map(([key, value]) => `${encode(key)}=${encode(value)}`).join('&');
  return `#/${workspace.view}${query === '' ? '' : `?${query}`}`;
}

/** Reads any fragment: never throws; parts that are not understood are left out and named in `dropped`. */
export function parseWorkspace(hash: string): ParsedWorkspace {
  const dropped: string[] = [];
  const text = hash.replace(/^#?\/?/, '');
  const cut = text.indexOf('?');
  const path = cut < 0 ? text : text.slice(0, cut);
  const view = views.find((name) => name === path);
  if (view === undefined && path !== '') dropped.push(path);
  const draft: Draft = { view: view ?? 'home', compare: true, filters: [], gadgets: [] };
  for (const pair of cut < 0 ? [] : text.slice(cut + 1).split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const key = decode(equals < 0 ? pair : pair.slice(0, equals));
    const value = decode(equals < 0 ? '' : pair.slice(equals + 1));
    if (key === undefined || value === undefined || !readPair(draft, key, value)) dropped.push(key ?? pair);
  }
  const filters: [string, WorkspaceFilter][] = [];
  for (const { id, dataset = draft.dataset, filter } of draft.filters)
    if (dataset === undefined) dropped.push(`f.${id}`);
    else filters.push([id, { dataset, filter }]);
  const { view: name, dataset, period, compare, against, record, rows, saved } = draft;
  return {
    workspace: {
      ...emptyWorkspace(name),
      ...(dataset === undefined ? {} : { dataset }),
      ...(period ? { period } : {}),
      ...(record ? { record } : {}),
      ...(rows ? { rows } : {}),
      ...(saved === undefined ? {} : { saved }),
      compare,
      ...(against ? { against } : {}),
      filters: Object.fromEntries(filters),
      gadgets: Object.fromEntries(draft.gadgets),
    },
    dropped,
  };
}

interface Draft {
  view: ViewName;
  dataset?: string;
  period?: Workspace['period'];
  compare: boolean;
  against?: 'year';
  record?: Workspace['record'];
  rows?: Workspace['rows'];
  saved?: string;
  filters: { id: string; dataset?: string; filter: WorkspaceFilter['filter'] }[];
  gadgets: [string, object][];
}

/** Whether the pair was understood. */
function readPair(draft: Draft, key: string, value: string): boolean {
  if (key === 'data') {
    draft.dataset = value;
    return value !== '';
  }
  if (key === 'period') {
    draft.period = parsePeriod(value);
    return draft.period !== undefined;
  }
  if (key === 'compare') {
    draft.compare = value !== 'no';
    if (value === 'year') draft.against = 'year';
    return value === 'no' || value === 'yes' || value === 'year';
  }
  if (key === 'saved') {
    draft.saved = value;
    return value !== '';
  }
  if (key === 'record') return readRecord(draft, value);
  if (key === 'rows') return readRows(draft, value);
  if (key.startsWith('f.')) return readFilter(draft, key.slice(2), value);
  if (key.startsWith('s.')) return readState(draft, key.slice(2), value);
  return false;
}

function readRecord(draft: Draft, value: string): boolean {
  const parts = /^(\d{1,16})@(.+)$/su.exec(value);
  const row = Number(parts?.[1]);
  if (!parts || !Number.isSafeInteger(row)) return false;
  draft.record = { row, dataset: parts[2]! };
  return true;
}

/** `DATASET@filter`, or `DATASET@` for all its rows. */
function printRows({ dataset, filter }: NonNullable<Workspace['rows']>): string {
  return `${encodeURIComponent(wellFormed(dataset))}@${filter ? printFilter(filter) : ''}`;
}

function readRows(draft: Draft, value: string): boolean {
  const at = value.indexOf('@');
  const dataset = at > 0 ? decode(value.slice(0, at)) : undefined;
  const text = value.slice(at + 1);
  const filter = text === '' ? undefined : parseFilter(text);
  if (dataset === undefined || (text !== '' && !filter)) return false;
  draft.rows = filter ? { dataset, filter } : { dataset };
  return true;
}

function readFilter(draft: Draft, id: string, value: string): boolean {
  const at = /^([^(]*)@/u.exec(value);
  const dataset = at ? decode(at[1]!) : undefined;
  const filter = parseFilter(at ? value.slice(at[0].length) : value);
  if (!filter || (at && dataset === undefined)) return false;
  draft.filters.push(dataset === undefined ? { id, filter } : { id, dataset, filter });
  return true;
}

function readState(draft: Draft, id: string, value: string): boolean {
  try {
    const state: unknown = JSON.parse(value);
    if (typeof state !== 'object' || state === null || Array.isArray(state)) return false;
    draft.gadgets.push([id, state]);
    return true;
  } catch {
    return false;
  }
}

function sorted<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}

function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd');
}

/** Percent-encoding that leaves readable what a fragment may hold; space is `+`. */
function encode(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(
    /%(20|2C|3A|2F|40)/g,
    (_, code: string) => readable[code]!,
  );
}

const readable: Readonly<Record<string, string>> = { '20': '+', '2C': ',', '3A': ':', '2F': '/', '40': '@' };

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return undefined;
  }
}

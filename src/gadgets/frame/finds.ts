import { msg, str } from '@lit/localize';
import type { ArrayHead } from '../../protocol/array.ts';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import type { KeptView } from '../../protocol/saved-view.ts';
import { goTo, type ViewName, type Workspace } from '../../protocol/workspace.ts';
import { parseWorkspace } from '../../protocol/workspace-url.ts';
import { shapeWords } from '../array/shape-words.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import type { Formats } from '../format.ts';
import type { IconName } from '../icons.ts';
import { viewWords } from './frame-words.ts';

/** Something the search found: where it leads, or what it does. */
export interface Find {
  readonly label: string;
  readonly hint: string;
  readonly icon: IconName;
  readonly workspace?: Workspace;
  readonly run?: () => void;
  /** What it is a kind of: finds of a kind stand together. */
  readonly kind: 'command' | 'view' | 'saved' | 'dataset' | 'array' | 'column' | 'value';
}

/** A command people can call by name. */
export interface Command {
  readonly label: string;
  readonly icon: IconName;
  readonly keys?: string;
  readonly run: () => void;
}

/** A value of a column of a table, found by part of its text. */
export interface FoundValue {
  readonly dataset: DatasetSummary;
  readonly column: ColumnRef;
  readonly columnLabel: string;
  readonly value: string;
  readonly rows: number;
}

/** The view a table is best looked at in. */
export function viewOf(dataset: DatasetSummary): ViewName {
  const { part } = dataset.profile;
  return part === 'orders' || part === 'clients' ? part : 'explore';
}

/** The data set in view before all others: what people look for is mostly there. */
export function currentFirst(
  datasets: readonly DatasetSummary[],
  current: string | undefined,
): readonly DatasetSummary[] {
  const here = datasets.find(({ id }) => id === current);
  return here ? [here, ...datasets.filter((one) => one !== here)] : datasets;
}

export function viewFinds(views: readonly ViewName[]): Find[] {
  return views.map((view) => {
    const words = viewWords(view);
    return { kind: 'view', label: words.label, hint: msg('View'), icon: words.icon, workspace: goTo(view) };
  });
}

export function savedFinds(views: readonly KeptView[]): Find[] {
  return views.map((view) => ({
    kind: 'saved',
    label: view.name,
    hint: msg('Saved view'),
    icon: 'bookmark',
    workspace: { ...parseWorkspace(view.workspace).workspace, saved: view.id },
  }));
}

export function datasetFinds(datasets: readonly DatasetSummary[], formats: Formats): Find[] {
  return datasets.map((dataset) => ({
    kind: 'dataset',
    label: dataset.profile.label || dataset.name,
    hint: `${formats.compact(dataset.rows)} ${msg('rows')}`,
    icon: viewWords(viewOf(dataset)).icon,
    workspace: goTo(viewOf(dataset), dataset.id),
  }));
}

export function arrayFinds(arrays: readonly ArrayHead[]): Find[] {
  return arrays.map(({ id, name, shape }) => ({
    kind: 'array',
    label: name,
    hint: shapeWords(shape),
    icon: 'array',
    workspace: goTo('array', id),
  }));
}

export function commandFinds(commands: readonly Command[]): Find[] {
  return commands.map(({ label, icon, keys, run }) => ({
    kind: 'command',
    label,
    hint: keys ?? msg('Command'),
    icon,
    run,
  }));
}

/** A column leads to its table, divided by it. */
export function columnFinds(
  dataset: DatasetSummary,
  columns: readonly { readonly ref: ColumnRef; readonly label: string }[],
): Find[] {
  const table = dataset.profile.label || dataset.name;
  return columns.map(({ ref, label }) => ({
    kind: 'column',
    label,
    hint: msg(str`Column of ${table}`),
    icon: 'table',
    workspace: { ...goTo('explore', dataset.id), gadgets: { explore: { dimensions: [ref] } } },
  }));
}

/** A value leads to its table, filtered by it. */
export function valueFinds(values: readonly FoundValue[], formats: Formats): Find[] {
  return values.map(({ dataset, column, columnLabel, value, rows }) => {
    const table = dataset.profile.label || dataset.name;
    const count = formats.compact(rows);
    return {
      kind: 'value',
      label: value,
      hint: msg(str`${columnLabel} · ${table} · ${count} rows`),
      icon: 'filter',
      workspace: {
        ...goTo(viewOf(dataset), dataset.id),
        filters: {
          [columnFilterId(column)]: { dataset: dataset.id, filter: { op: 'in', column, values: [value] } },
        },
      },
    };
  });
}

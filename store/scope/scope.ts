import { createHash } from 'node:crypto';
import { canonicalJson } from '../../src/kernels/canonical-json.ts';
import { ExaError } from '../../src/protocol/errors.ts';
import type { Filter } from '../../src/protocol/query.ts';

/** What may be seen of one data set: rows where `where` holds (all, when left out), columns not in `hide`. */
export interface View {
  readonly where?: Filter;
  readonly hide?: readonly string[];
  /** `memory`: a browser keeps nothing of it on disk. */
  readonly cache?: 'memory';
}

export const roles = ['reader', 'editor', 'admin'] as const;
/** An editor writes rows and imports, an admin also drops data sets and changes what is everybody's. */
export type RoleName = (typeof roles)[number];

/** What one source of rights (a group, a key, a token) lets through; whatever is left out is not narrowed by it. */
export interface Rights {
  readonly tenant?: string;
  /** Data sets by id or name; `*` stands for those not named. */
  readonly datasets?: '*' | Readonly<Record<string, View>>;
  /** Arrays by id or name. */
  readonly arrays?: '*' | readonly string[];
  readonly gadgets?: '*' | readonly string[];
  readonly workspaces?: '*' | readonly string[];
  readonly role?: RoleName;
  readonly cache?: 'memory';
}

/** A view, and those of its hidden columns that the data set must have: one that was renamed must not be shown. */
export interface NarrowedView extends View {
  readonly needs: readonly string[];
}

interface Named {
  readonly id: string;
  readonly name: string;
}

/**
 * What a caller may see and do. `every` of its members narrows the next; within a member, groups add up: rows of either,
 * but a column that any of them hides stays hidden.
 */
export interface Scope {
  /** Part of every page and partial key: the same for callers who see the same bytes of everything. */
  readonly hash: string;
  readonly role: RoleName;
  readonly cache: 'disk' | 'memory';
  readonly gadgets: '*' | readonly string[];
  readonly workspaces: '*' | readonly string[];
  /** Undefined for a data set that may not be seen at all. */
  viewOf(dataset: Named): NarrowedView | undefined;
  hasArray(array: Named): boolean;
  /** Whether nothing is narrowed: every data set and array, whole. */
  readonly whole: boolean;
  /** Throws `refused` for a reader; `what` completes "You may not …". */
  mustEdit(what: string): void;
  mustAdminister(what: string): void;
}

/** The scope of a caller without an account, where there are none. */
export const publicScope = 'public';

/** One alternative, or several of which each adds. */
export type Alternatives = readonly Rights[];

/** The scope of rights that narrow each other, each member a list of alternatives that add up. Empty: everything. */
export function scopeOf(every: readonly Alternatives[], options: { readonly open?: boolean } = {}): Scope {
  const role = lowestRole(every.map(highestRole));
  const whole = every.every((some) =>
    some.some(
      ({ datasets, arrays, tenant }) =>
        tenant === undefined &&
        (datasets === undefined || datasets === '*') &&
        (arrays === undefined || arrays === '*'),
    ),
  );
  const refuse = (what: string): never => {
    throw new ExaError('refused', `You may not ${what}: your role here is ${role}.`, { facts: { role } });
  };
  return {
    hash: whole ? (options.open ? publicScope : 'whole') : hashOf(every),
    role,
    cache: every.some((some) => some.some(({ cache }) => cache === 'memory')) ? 'memory' : 'disk',
    gadgets: narrowed(every.map((some) => added(some.map(({ gadgets }) => gadgets)))),
    workspaces: narrowed(every.map((some) => added(some.map(({ workspaces }) => workspaces)))),
    whole,
    viewOf: (dataset) => {
      let view: NarrowedView | undefined = { needs: [] };
      for (const some of every) view = view && both(view, eitherView(some, dataset));
      return view;
    },
    hasArray: (array) => every.every((some) => some.some((rights) => allowsArray(rights, array))),
    mustEdit: (what) => {
      if (role === 'reader') refuse(what);
    },
    mustAdminister: (what) => {
      if (role !== 'admin') refuse(what);
    },
  };
}

function eitherView(some: Alternatives, dataset: Named): NarrowedView | undefined {
  const views = some.flatMap(({ datasets }): NarrowedView[] => {
    if (datasets === undefined || datasets === '*') return [{ needs: [] }];
    for (const key of [dataset.id, dataset.name, '*'])
      if (Object.hasOwn(datasets, key))
        return [{ ...datasets[key]!, needs: key === '*' ? [] : (datasets[key]!.hide ?? []) }];
    return [];
  });
  if (views.length === 0) return undefined;
  const filters = views.flatMap(({ where }) => (where ? [where] : []));
  return {
    ...(filters.length === views.length && {
      where: filters.length === 1 ? filters[0]! : { op: 'or', of: filters },
    }),
    hide: views.flatMap(({ hide = [] }) => hide),
    needs: views.flatMap(({ needs }) => needs),
    ...(views.some(({ cache }) => cache === 'memory') && { cache: 'memory' }),
  };
}

function both(one: NarrowedView, other: NarrowedView | undefined): NarrowedView | undefined {
  if (!other) return undefined;
  const filters = [one.where, other.where].filter((where) => where !== undefined);
  return {
    ...(filters.length > 0 && { where: filters.length === 1 ? filters[0]! : { op: 'and', of: filters } }),
    hide: [...new Set([...(one.hide ?? []), ...(other.hide ?? [])])],
    needs: [...one.needs, ...other.needs],
    ...((one.cache ?? other.cache) && { cache: 'memory' }),
  };
}

function allowsArray({ arrays }: Rights, { id, name }: Named): boolean {
  return arrays === undefined || arrays === '*' || arrays.includes(id) || arrays.includes(name);
}

function added(lists: readonly (Rights['gadgets'] | undefined)[]): '*' | readonly string[] {
  const all: string[] = [];
  for (const list of lists) {
    if (list === undefined || list === '*') return '*';
    all.push(...list);
  }
  return all;
}

function narrowed(lists: readonly ('*' | readonly string[])[]): '*' | readonly string[] {
  return lists.reduce((one, other) => {
    if (one === '*') return other;
    return other === '*' ? one : one.filter((name) => other.includes(name));
  }, '*');
}

function highestRole(some: Alternatives): RoleName {
  return roles[Math.max(...some.map(({ role = 'admin' }) => roles.indexOf(role)), 0)]!;
}

function lowestRole(list: readonly RoleName[]): RoleName {
  return roles[Math.min(...list.map((role) => roles.indexOf(role)), roles.length - 1)]!;
}

/** Only what decides which bytes are seen: roles, gadgets and where a browser keeps things do not. */
function hashOf(every: readonly Alternatives[]): string {
  const seen = every.map((some) =>
    some.map(({ tenant, datasets = '*', arrays = '*' }) => ({
      ...(tenant !== undefined && { tenant }),
      datasets,
      arrays,
    })),
  );
  return createHash('sha256').update(canonicalJson(seen)).digest('base64url').slice(0, 22);
}

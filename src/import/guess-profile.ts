import { isNumeric } from '../protocol/column.ts';
import type { CalculatedColumn, Measure, Part, Profile, Role } from '../protocol/profile.ts';
import { type ColumnFacts, isIdName, type KeyPair } from './column-facts.ts';
import { guessLinks, type KnownTable } from './guess-links.ts';
import { findName, findRole, guessPart, isOwnId } from './guess-roles.ts';
import { foldedName, inFormula, labelOf } from './names.ts';
import { counted, several } from './raw-rows.ts';

/** What is known of a table when its profile is guessed. */
export interface GuessInput {
  /** The data set's name. */
  readonly name: string;
  readonly rows: number;
  readonly columns: readonly ColumnFacts[];
  readonly pairs?: readonly KeyPair[];
  /** Keys the caller declares; none is guessed then. */
  readonly keys?: readonly string[];
  /** What the table is, and what columns play (by name; `null`: nothing), where a person said so. */
  readonly part?: Part;
  readonly roles?: Readonly<Record<string, Role | null>>;
  /** IANA zone of days and months. Default `UTC`. */
  readonly zone?: string;
  /** Data sets this one may point at. */
  readonly others?: readonly KnownTable[];
}

/** Fewest and most distinct values a dimension has. */
const dimensionMin = 2;
const dimensionMax = 200;
const maxDimensions = 8;

/**
 * A profile by names and data, in terms of column names, with what was noticed on the way, a sentence each
 * (why an identifying column is not a key). Pure.
 */
export function guessProfile(input: GuessInput): { readonly profile: Profile; readonly notes: string[] } {
  const { name, columns, rows } = input;
  const part = input.part ?? guessPart(name, columns);
  const { keys, notes } = guessKeys(input);
  const roles = decided(guessRoles(part, columns, keys), input.roles ?? {});
  const grain = grainOf(part, columns, roles, keys);
  if (grain === 'order' && keys.length === 1) roles.order ??= keys[0];
  const calculated = guessCalculated(columns, roles);
  if (calculated.some(({ id }) => id === 'amount')) roles.amount ??= 'amount';
  const self = { id: '', name, columns, keys };
  const links = guessLinks(self, input.others ?? []);
  return {
    profile: {
      part,
      label: labelOf(name),
      grain,
      keys,
      roles,
      labels: Object.fromEntries(
        columns.flatMap((column) =>
          labelOf(column.name) === column.name ? [] : [[column.name, labelOf(column.name)]],
        ),
      ),
      links,
      calculated,
      measures: guessMeasures(part, grain, columns, roles),
      zone: input.zone ?? 'UTC',
      dimensions: guessDimensions(columns, rows, roles, calculated, keys),
    },
    notes,
  };
}

/** The declared key's problem as a sentence, or undefined: a key names each row once and is never missing. */
export function keyProblem(
  keys: readonly string[],
  columns: readonly ColumnFacts[],
  pairs: readonly KeyPair[],
): string | undefined {
  for (const key of keys) {
    const column = columns.find(({ name }) => name === key);
    if (!column) return `The key names a column that is not there: ${key}.`;
    if (column.nulls > 0)
      return `${key} cannot be a key: it is missing in ${several(column.nulls, 'row')}, first in row ${counted(column.firstNull ?? 1)}.`;
  }
  const only = keys.length === 1 ? columns.find(({ name }) => name === keys[0]) : undefined;
  if (only?.repeated)
    return `${only.name} cannot be a key: row ${counted(only.repeated.row)} repeats “${only.repeated.value}”.`;
  const pair = pairs.find(
    ({ columns: both }) => keys.length === 2 && both.every((name) => keys.includes(name)),
  );
  if (pair && !pair.unique) return `${keys.join(' and ')} cannot be a key together: some rows repeat both.`;
  return undefined;
}

/** Roles with what a person said in place of guesses; the last column given a role has it. */
function decided(
  guessed: Partial<Record<Role, string>>,
  said: NonNullable<GuessInput['roles']>,
): Partial<Record<Role, string>> {
  const roles = Object.fromEntries(
    Object.entries(guessed).filter(([, column]) => said[column] === undefined),
  ) as Partial<Record<Role, string>>;
  for (const [column, role] of Object.entries(said)) if (role !== null) roles[role] = column;
  return roles;
}

function guessKeys({ name, columns, pairs = [], keys, rows }: GuessInput): {
  readonly keys: readonly string[];
  readonly notes: string[];
} {
  if (keys) return { keys, notes: [] };
  const notes: string[] = [];
  const candidates = columns.filter((column) => isIdName(column.name) && isWhole(column));
  const own = candidates.filter((column) => isOwnId(name, column.name));
  if (rows === 0) return { keys: own.slice(0, 1).map((column) => column.name), notes };
  for (const column of [...own, ...candidates.filter((other) => !own.includes(other)).slice(0, 1)]) {
    if (column.nulls === 0 && column.unique === true) return { keys: [column.name], notes };
    if (!own.includes(column)) continue;
    const why = keyProblem([column.name], columns, []);
    if (why) notes.push(why.replace('cannot be a key', 'is not a key'));
    else if (column.unique === undefined)
      notes.push(
        `${column.name} has too many values to see whether any repeats: declare it as the key if none does.`,
      );
  }
  const pair = pairs.find(({ unique }) => unique);
  return { keys: pair ? pair.columns : [], notes };
}

function isWhole({ type }: ColumnFacts): boolean {
  return type.kind === 'int32' || type.kind === 'int64' || type.kind === 'text';
}

function guessRoles(
  part: Part,
  columns: readonly ColumnFacts[],
  keys: readonly string[],
): Partial<Record<Role, string>> {
  const roles: Partial<Record<Role, string>> = {};
  const key = keys.length === 1 ? keys[0] : undefined;
  if (key) roles.id = key;
  const name = findName(part, columns);
  if (name && name.name !== key) roles.name = name.name;
  const wanted: readonly Exclude<Role, 'id' | 'name'>[] = [
    'order',
    'client',
    'date',
    'amount',
    'quantity',
    'price',
    'state',
    'country',
    'shop',
    'product',
    'email',
    'segment',
  ];
  for (const role of wanted) {
    const found = findRole(role, columns)?.name;
    if (!found || found === roles.name) continue;
    if (found === key && role !== 'order') continue;
    if (found === key && part !== 'orders') continue;
    if (role === 'date' && part === 'clients' && /birth|naissance/i.test(found)) continue;
    roles[role] = found;
  }
  return roles;
}

function grainOf(
  part: Part,
  columns: readonly ColumnFacts[],
  roles: Partial<Record<Role, string>>,
  keys: readonly string[],
): Profile['grain'] {
  const order = columns.find(({ name }) => name === roles.order);
  const lineLike = roles.product !== undefined || roles.quantity !== undefined;
  if (order && order.unique !== true && lineLike) return 'line';
  if (part === 'orders') return order && order.unique === false && keys[0] !== order.name ? 'line' : 'order';
  return 'row';
}

function guessCalculated(
  columns: readonly ColumnFacts[],
  roles: Partial<Record<Role, string>>,
): CalculatedColumn[] {
  const calculated: CalculatedColumn[] = [];
  const { quantity, price, amount } = roles;
  const free = (id: string) => !columns.some((column) => foldedName(column.name) === id);
  if (quantity && price && !amount && free('amount'))
    calculated.push({
      id: 'amount',
      label: 'Amount',
      formula: `${inFormula(quantity)} * ${inFormula(price)}`,
    });
  const order = columns.find(({ name }) => name === roles.order);
  const documents = order ? order.digitsOnly + order.cancelled : 0;
  if (
    order?.type.kind === 'text' &&
    order.cancelled > 0 &&
    order.digitsOnly * 2 > documents &&
    free('cancelled')
  )
    calculated.push({
      id: 'cancelled',
      label: 'Cancelled',
      formula: `startswith(${inFormula(order.name)}, 'C')`,
    });
  return calculated;
}

function guessMeasures(
  part: Part,
  grain: Profile['grain'],
  columns: readonly ColumnFacts[],
  roles: Partial<Record<Role, string>>,
): Measure[] {
  const column = (role: Role) => (roles[role] === undefined ? undefined : inFormula(roles[role]));
  const [amount, order, client, quantity] = (['amount', 'order', 'client', 'quantity'] as const).map(column);
  const measures: Measure[] = [];
  const add = (id: string, label: string, formula: string, format: Measure['format']) =>
    measures.push({ id, label, formula, format });
  if (grain === 'row') {
    const label = part === 'table' ? 'Rows' : labelOf(part);
    add(part === 'table' ? 'rows' : part, label, 'count()', 'count');
    if (amount) add('amount', 'Amount', `sum(${amount})`, 'money');
    else
      for (const other of numbersOf(columns, roles)) {
        const name = inFormula(other.name);
        add(`sum_${foldedName(other.name)}`, labelOf(other.name), `sum(${name})`, 'number');
      }
    return measures;
  }
  const orders = grain === 'line' && order ? `distinct(${order})` : 'count()';
  if (amount) add('revenue', 'Revenue', `sum(${amount})`, 'money');
  add('orders', 'Orders', orders, 'count');
  if (quantity) add('units', 'Units', `sum(${quantity})`, 'count');
  if (grain === 'line') add('lines', 'Lines', 'count()', 'count');
  if (client) add('customers', 'Customers', `distinct(${client})`, 'count');
  if (amount) add('average_order', 'Average order', `sum(${amount}) / ${orders}`, 'money');
  return measures;
}

/** Up to three columns of a plain table that it makes sense to add up. */
function numbersOf(columns: readonly ColumnFacts[], roles: Partial<Record<Role, string>>): ColumnFacts[] {
  const taken = new Set([roles.id, roles.order, roles.client, roles.product, roles.shop, roles.price]);
  return columns
    .filter(
      (column) =>
        isNumeric(column.type) &&
        !taken.has(column.name) &&
        !isIdName(column.name) &&
        !/year|age|rate|ratio|percent|discount|lat|lon|price|level/i.test(column.name),
    )
    .slice(0, 3);
}

function guessDimensions(
  columns: readonly ColumnFacts[],
  rows: number,
  roles: Partial<Record<Role, string>>,
  calculated: readonly CalculatedColumn[],
  keys: readonly string[],
): string[] {
  const first = [roles.country, roles.state, roles.segment, roles.shop, roles.product];
  const named = first.flatMap((name) => columns.filter((column) => column.name === name));
  const few = columns.filter(
    ({ type, distinct, name }) =>
      type.kind === 'bool' ||
      (type.kind === 'text' &&
        distinct >= dimensionMin &&
        distinct <= Math.min(dimensionMax, Math.max(10, rows / 3)) &&
        name !== roles.email),
  );
  few.sort((a, b) => a.distinct - b.distinct);
  const stored = [...new Set([...named, ...few].map((column) => column.name))].filter(
    (name) => keys.length !== 1 || keys[0] !== name,
  );
  const cancelled = calculated.filter(({ id }) => id === 'cancelled').map(({ id }) => id);
  return [...stored.slice(0, maxDimensions - cancelled.length), ...cancelled];
}

import { ExaError } from './errors.ts';

/** Reads an unknown value as a `T`, or throws `corrupt` naming `path`, the place where it is not one. */
export type Reader<T> = (value: unknown, path: string) => T;

/** The error of a value that is not what its place asks for. */
export function misread(path: string, expected: string): ExaError {
  return new ExaError('corrupt', `The answer was not understood: ${path} should be ${expected}.`, {
    facts: { path },
  });
}

export const readText: Reader<string> = (value, path) => {
  if (typeof value !== 'string') throw misread(path, 'text');
  return value;
};

/** A finite number. */
export const readNumber: Reader<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw misread(path, 'a number');
  return value;
};

/** A whole number `[0, 2^53)`. */
export const readCount: Reader<number> = (value, path) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw misread(path, 'a whole number, zero or more');
  return value;
};

export const readBoolean: Reader<boolean> = (value, path) => {
  if (typeof value !== 'boolean') throw misread(path, 'true or false');
  return value;
};

/** Anything: to be read later by who knows it. */
export const readAnything: Reader<unknown> = (value) => value;

/** A missing member stays missing. */
export function readOptional<T>(read: Reader<T>): Reader<T | undefined> {
  return (value, path) => (value === undefined ? undefined : read(value, path));
}

export function readList<T>(read: Reader<T>): Reader<T[]> {
  return (value, path) => {
    if (!Array.isArray(value)) throw misread(path, 'a list');
    return value.map((item, index) => read(item, `${path}[${index}]`));
  };
}

/** An object of any names with values of one kind. */
export function readRecord<T>(read: Reader<T>): Reader<Record<string, T>> {
  return (value, path) => {
    const entries = Object.entries(asObject(value, path));
    return Object.fromEntries(entries.map(([name, item]) => [name, read(item, `${path}.${name}`)]));
  };
}

export function readOneOf<T extends string>(names: readonly T[]): Reader<T> {
  return (value, path) => {
    const name = names.find((known) => known === value);
    if (name === undefined) throw misread(path, `one of ${names.join(', ')}`);
    return name;
  };
}

/** An object with these members; members it does not name are left out. */
export function readObject<T extends object>(
  members: { readonly [K in keyof T]-?: Reader<T[K]> },
): Reader<T> {
  const names = Object.keys(members) as (keyof T & string)[];
  return (value, path) => {
    const source = asObject(value, path);
    const result: Partial<T> = {};
    for (const name of names) {
      const member = members[name](source[name], path === '' ? name : `${path}.${name}`);
      if (member !== undefined) result[name] = member;
    }
    return result as T;
  };
}

function asObject(value: unknown, path: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw misread(path, 'an object');
  return value as Record<string, unknown>;
}

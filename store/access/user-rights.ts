import { ExaError } from '../../src/protocol/errors.ts';
import type { Caller } from '../http/caller.ts';
import { type Alternatives, type Rights, scopeOf } from '../scope/scope.ts';
import type { Access } from './access-file.ts';

/** Somebody whose name was proved elsewhere: by a sign-in, or by a proxy. */
export interface Person {
  readonly user: string;
  readonly name?: string;
  /** Groups that whoever proved the name puts them in. */
  readonly groups: readonly string[];
}

/** What the access file lets a person do: what each of their groups may, else what everybody may. Throws `refused`. */
export function callerFor(access: Access, { user, name, groups }: Person): Caller {
  const known = Object.hasOwn(access.users ?? {}, user) ? access.users?.[user] : undefined;
  const rights = [...new Set([...(known?.groups ?? []), ...groups])].flatMap((group): Rights[] => {
    const found = Object.hasOwn(access.groups ?? {}, group) ? access.groups?.[group] : undefined;
    return found ? [{ role: 'reader', ...found }] : [];
  });
  if (rights.length === 0 && access.everybody) rights.push({ role: 'reader', ...access.everybody });
  if (rights.length === 0)
    throw new ExaError('refused', `${user} has no rights in this store: ask who keeps its access file.`, {
      facts: { user },
    });
  return { scope: scopeOf([rights as Alternatives]), user, name: known?.name ?? name ?? user };
}

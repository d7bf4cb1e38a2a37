import {
  type Reader,
  readList,
  readObject,
  readOneOf,
  readOptional,
  readRecord,
  readText,
} from './parse-shape.ts';
import {
  type CalculatedColumn,
  type CopiedColumn,
  type Link,
  type Measure,
  type Profile,
  parts,
  type RollUp,
  roles,
} from './profile.ts';

const readRoles: Reader<Profile['roles']> = (value, path) => {
  const read = readRecord(readText)(value, path);
  return Object.fromEntries(roles.filter((role) => role in read).map((role) => [role, read[role]]));
};

/** A profile from JSON; roles this version does not know are left out. Throws `corrupt`. */
export const parseProfile: Reader<Profile> = readObject<Profile>({
  part: readOneOf(parts),
  label: readText,
  grain: readOneOf(['order', 'line', 'row']),
  keys: readList(readText),
  roles: readRoles,
  labels: readRecord(readText),
  links: readList(
    readObject<Link>({
      id: readText,
      label: readText,
      column: readText,
      dataset: readText,
      key: readText,
      copies: readOptional(readList(readObject<CopiedColumn>({ column: readText, as: readText }))),
    }),
  ),
  calculated: readList(readObject<CalculatedColumn>({ id: readText, label: readText, formula: readText })),
  measures: readList(
    readObject<Measure>({
      id: readText,
      label: readText,
      formula: readText,
      format: readOneOf(['count', 'money', 'number', 'percent']),
    }),
  ),
  zone: readText,
  document: readOptional(readText),
  currency: readOptional(readText),
  dimensions: readList(readText),
  rollUp: readOptional(
    readObject<RollUp>({
      dataset: readText,
      by: readText,
      columns: readList(readObject<RollUp['columns'][number]>({ column: readText, formula: readText })),
    }),
  ),
});

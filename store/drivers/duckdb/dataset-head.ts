import { valueBytes } from '../../../src/protocol/column-words.ts';
import type { DatasetSummary, Head, ZoneTable } from '../../../src/protocol/head.ts';
import type { Profile } from '../../../src/protocol/profile.ts';
import { resolveLinks } from '../../../src/protocol/profile-references.ts';
import { zoneTable } from '../../../src/protocol/zone-table.ts';
import type { Catalogue, DatasetState } from './catalogue.ts';

/**
 * Years `[first, end)` for which zones are always tabled, so that arriving data seldom change the table (it is part
 * of partials' keys); times outside widen it.
 */
const tabledYears: readonly [number, number] = [1970, 2038];

/** The head of a data set as of the catalogue's version. */
export function headOf(state: DatasetState, catalogue: Catalogue, scope: string): Head {
  const { id, name, epoch, allocated, columns, revisions, live } = state;
  return {
    id,
    name,
    epoch,
    scope,
    version: catalogue.version,
    asOf: catalogue.asOf,
    allocated,
    columns,
    profile: resolveLinks(state.profile, catalogue.datasets),
    revisions,
    live,
    zones: zonesOf(state.profile, state.years),
  };
}

/** The zones of a head whose times fall in `years`, `[first, end)`. */
export function zonesOf(
  { zone }: Pick<Profile, 'zone'>,
  years: readonly [number, number] | undefined,
): Record<string, ZoneTable> {
  const first = Math.min(tabledYears[0], years?.[0] ?? tabledYears[0]);
  const end = Math.max(tabledYears[1], years?.[1] ?? tabledYears[1]);
  return { UTC: zoneTable('UTC', first, end), [zone]: zoneTable(zone, first, end) };
}

/** A data set as lists show it. `bytes` is what its columns take in memory, texts guessed at 16 bytes. */
export function summaryOf(state: DatasetState, catalogue: Catalogue): DatasetSummary {
  const { id, name, epoch, version, asOf, allocated, columns, live } = state;
  return {
    id,
    name,
    epoch,
    version,
    asOf,
    rows: live.reduce((sum, rows) => sum + rows, 0),
    bytes: allocated * columns.reduce((sum, { type }) => sum + valueBytes(type), 0),
    profile: resolveLinks(state.profile, catalogue.datasets),
  };
}

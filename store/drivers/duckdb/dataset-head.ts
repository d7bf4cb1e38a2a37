import { valueBytes } from '../../../src/protocol/column-words.ts';
import type { DatasetSummary, Head, ZoneTable } from '../../../src/protocol/head.ts';
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
  const first = Math.min(tabledYears[0], state.years?.[0] ?? tabledYears[0]);
  const end = Math.max(tabledYears[1], state.years?.[1] ?? tabledYears[1]);
  const zones: Record<string, ZoneTable> = { UTC: zoneTable('UTC', first, end) };
  zones[state.profile.zone] = zoneTable(state.profile.zone, first, end);
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
    zones,
  };
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

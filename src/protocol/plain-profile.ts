import type { Profile } from './profile.ts';

/** What a table means of which nothing is known but `more`: rows under names. */
export function plainProfile(label: string, more: Partial<Profile> = {}): Profile {
  return {
    part: 'table',
    label,
    grain: 'row',
    keys: [],
    roles: {},
    labels: {},
    links: [],
    calculated: [],
    measures: [],
    zone: 'UTC',
    dimensions: [],
    ...more,
  };
}

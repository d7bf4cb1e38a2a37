import { expect, test } from 'vitest';
import { parseFormula } from '../../src/protocol/formula-parse.ts';
import { demoProfiles } from './profiles.ts';

test.each(Object.entries(demoProfiles))('every formula of %s is a formula', (_, profile) => {
  for (const { formula } of [...profile.calculated, ...profile.measures])
    expect(() => parseFormula(formula), formula).not.toThrow();
});

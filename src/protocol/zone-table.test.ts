import fc from 'fast-check';
import { expect, it } from 'vitest';
import { isZone, zoneTable } from './zone-table.ts';

const zones = [
  'Europe/Paris',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Lord_Howe',
  'America/Sao_Paulo',
  'UTC',
];

it('agrees with the calendar of this runtime at any minute of its years', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...zones),
      fc.integer({ min: Date.UTC(1970, 0, 1) / 60_000, max: Date.UTC(2038, 0, 1) / 60_000 - 1 }),
      (zone, minute) => {
        const instant = minute * 60_000;
        const { from, offsetMs } = zoneTable(zone, 1970, 2038);
        const place = from.findLastIndex((start) => start <= instant);
        const local = new Date(instant + offsetMs[place]!).toISOString().slice(0, 16).replace('T', ' ');
        const expected = new Intl.DateTimeFormat('sv-SE', {
          timeZone: zone,
          dateStyle: 'short',
          timeStyle: 'short',
        }).format(instant);
        expect([zone, local]).toEqual([zone, expected]);
      },
    ),
    { numRuns: 2000, seed: 3 },
  );
});

it('begins with the beginning of time, ascends, and changes its offset at every step', () => {
  for (const zone of zones) {
    const { from, offsetMs } = zoneTable(zone, 1970, 2038);
    expect(from[0]).toBe(-8.64e15);
    for (let i = 1; i < from.length; i++) {
      expect(from[i]!).toBeGreaterThan(from[i - 1]!);
      expect(offsetMs[i]).not.toBe(offsetMs[i - 1]);
    }
  }
  expect(zoneTable('Europe/Paris', 2026, 2027)).toEqual({
    from: [-8.64e15, Date.UTC(2026, 2, 29, 1), Date.UTC(2026, 9, 25, 1)],
    offsetMs: [3_600_000, 7_200_000, 3_600_000],
  });
});

it('knows a zone from what is none', () => {
  expect([...zones, 'Mars/Olympus', ''].map(isZone)).toEqual([...zones.map(() => true), false, false]);
});

import { type FakeArray, fakeArray } from './fake-arrays.ts';

/** Where the made-up sensors have data: 1,024 rows each. */
export const fakeSensorStarts: readonly bigint[] = [
  0n,
  123_456_789_012_345_678n,
  700_000_000_000_000_000n,
  10n ** 18n - 1024n,
];

/** Two sensors, 10^18 rows long, written in four far-apart places. */
export function fakeSensors(): FakeArray {
  return fakeArray(
    'sensors',
    [10n ** 18n, 2n],
    fakeSensorStarts.map((start, region) => ({
      start: [start, 0n],
      shape: [1024, 2],
      at: ([row = 0, column = 0]) =>
        column === 0
          ? 21 + 4 * wave((row + 200 * region) / 700) + (row % 97 === 0 ? 6 : 0)
          : 0.45 + 0.3 * wave(row / 300),
    })),
  );
}

/** Hills in three tiles of 10^9 by 2·10^9. */
export function fakeHills(): FakeArray {
  const tiles: readonly (readonly [bigint, bigint])[] = [
    [0n, 0n],
    [499_999_744n, 1_000_000_000n],
    [10n ** 9n - 96n, 2n * 10n ** 9n - 96n],
  ];
  return fakeArray(
    'hills',
    [10n ** 9n, 2n * 10n ** 9n],
    tiles.map(([row, column], tile) => ({
      start: [row, column],
      shape: [96, 96],
      at: ([down = 0, across = 0]) => wave(down / 64 + tile / 4) * wave(across / 90) + (down + across) / 400,
    })),
    { fill: 0, chunk: [32, 32] },
  );
}

/** Arrays of the same names that hold nothing. */
export function emptyArrays(): FakeArray[] {
  return [fakeArray('sensors', [0n, 2n], []), fakeArray('hills', [0n, 0n], [])];
}

/** A smooth wave of period 1 between −1 and 1. */
function wave(turns: number): number {
  const phase = turns - Math.floor(turns);
  return phase < 0.5 ? 16 * phase * (0.5 - phase) : -16 * (phase - 0.5) * (1 - phase);
}

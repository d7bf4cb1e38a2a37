import { expect, it } from 'vitest';
import { matrixKey } from './matrix-keys.ts';

const none = { ctrlKey: false, metaKey: false, altKey: false, shiftKey: false };
const grid = { first: { row: 5n, column: 0n }, size: { rows: 10n ** 18n, columns: 2n }, pageRows: 20n };
const active = { row: 10n ** 17n, column: 1n };

it.each<[string, Parameters<typeof matrixKey>[0], typeof active | undefined, ReturnType<typeof matrixKey>]>([
  ['Ctrl+G goes to an index', { ...none, key: 'g', ctrlKey: true }, active, { kind: 'go' }],
  ['Enter edits', { ...none, key: 'Enter' }, active, { kind: 'edit' }],
  ['a digit is typed over the cell', { ...none, key: '7' }, active, { kind: 'edit', typed: '7' }],
  ['a digit without a cell means nothing', { ...none, key: '7' }, undefined, undefined],
  ['Ctrl and a digit is the browser’s', { ...none, key: '7', ctrlKey: true }, active, undefined],
  [
    'a page down',
    { ...none, key: 'PageDown' },
    active,
    { kind: 'choose', cell: { row: 10n ** 17n + 20n, column: 1n }, extend: false },
  ],
  [
    'Shift extends',
    { ...none, key: 'ArrowDown', shiftKey: true },
    active,
    { kind: 'choose', cell: { row: 10n ** 17n + 1n, column: 1n }, extend: true },
  ],
  [
    'the first arrow chooses the cell at the corner',
    { ...none, key: 'ArrowDown' },
    undefined,
    { kind: 'choose', cell: grid.first, extend: false },
  ],
  ['Escape means nothing', { ...none, key: 'Escape' }, active, undefined],
])('%s', (_, event, chosen, meant) => {
  expect(matrixKey(event, { ...grid, active: chosen })).toEqual(meant);
});

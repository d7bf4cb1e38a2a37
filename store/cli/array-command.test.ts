import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DenseArray } from '../../src/arrays/dense.ts';
import { decodeNpy, encodeNpy } from '../../src/arrays/npy.ts';
import { parseSelection } from '../../src/arrays/parse-selection.ts';
import { loadDemoArrays, matrixRegions, sensorRegions } from '../demo/demo-arrays.ts';
import { importSales } from '../http/store.testing.ts';
import { type OpenStore, openStore } from '../open-store.ts';
import { arrayCommand } from './array-command.ts';

let store: OpenStore;
let folder: string;
let address: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'exanalytics-array-cli-'));
  store = await openStore({ data: join(folder, 'data'), release: '0.0.0-test', warn: () => undefined });
  await store.app.listen({ port: 0, host: '127.0.0.1' });
  const bound = store.app.server.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}`;
});

afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

/** What the last command said of how far it was. */
let steps: string[] = [];

async function run(...args: string[]): Promise<string[]> {
  const lines: string[] = [];
  steps = [];
  const progress = { show: (line: string) => void steps.push(line), done: () => undefined };
  const code = await arrayCommand([...args, '--store', address], {
    print: (line) => lines.push(line),
    progress,
  });
  expect(code).toBe(0);
  return lines;
}

async function values(id: string, at = ''): Promise<unknown[]> {
  return [...(await store.arrays.read(id, parseSelection(at))).values];
}

describe('exanalytics array', () => {
  it('creates what is huge, and says what reading it costs', async () => {
    expect(
      await run('create', 'huge', '--shape', '1e9, 2e9', '--dtype', 'float64', '--chunk', 'rows'),
    ).toEqual(['huge: 1000000000 × 2000000000 of float64 in chunks of 1 × 32768, 0 chunks written']);
    const info = await run('info', 'huge');
    expect(info.join('\n')).toContain(
      'Chunks of 32768 × 1 would read 32768 times less for column scans than today’s 1 × 32768.',
    );
    expect((await run('rechunk', 'huge', '--chunk', 'tiles'))[0]).toContain('in chunks of 256 × 128');
    expect(await run('list')).toContain(
      'huge: 1000000000 × 2000000000 of float64 in chunks of 256 × 128, 0 chunks written',
    );
  });

  it('imports .npy in either order, and exports what it can import again', async () => {
    const matrix = Float32Array.from({ length: 12 }, (_, i) => i);
    const path = join(folder, 'f.npy');
    await writeFile(path, encodeNpy({ dtype: 'float32', shape: [4, 3], order: 'F', values: matrix }));
    await run('import', path, '--as', 'fortran');
    expect(await values('fortran')).toEqual([0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]);
    const [line] = await run('export', 'fortran');
    const zarr = /is in (.*)\.$/.exec(line!)![1]!;
    await run('import', zarr, '--as', 'copy');
    expect(await values('copy')).toEqual(await values('fortran'));
    const read = await fetch(`${address}/api/arrays/copy/values?at=1:3`);
    expect(decodeNpy(new Uint8Array(await read.arrayBuffer())).shape).toEqual([2, 3]);
  });

  it('adds rows at the end, makes longer and shorter, and copies into other chunks with progress', async () => {
    await run('create', 'log', '--shape', '2,3', '--dtype', 'int16', '--fill', '-1', '--chunk', '1024,3');
    const path = join(folder, 'rows.npy');
    const file = (dtype: 'int16' | 'int32', shape: number[], values: DenseArray['values']) =>
      writeFile(path, encodeNpy({ dtype, shape, order: 'F', values }));
    await file('int16', [2, 3], Int16Array.of(1, 4, 2, 5, 3, 6));
    expect((await run('append', 'log', path))[0]).toMatch(/^log: 4 × 3 of int16 .*, version \d+\.$/);
    const text = join(folder, 'rows.csv');
    await writeFile(text, '\na,b,c\n7,8,9\n');
    await run('append', 'log', text);
    expect(await values('log', '1:')).toEqual([-1, -1, -1, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await file('int32', [1, 3], Int32Array.of(1, 2, 3));
    await expect(run('append', 'log', path)).rejects.toThrow(
      'log holds int16 and the values are int32: convert them to int16 first.',
    );
    await file('int16', [3, 1], Int16Array.of(1, 2, 3));
    await expect(run('append', 'log', path)).rejects.toThrow(
      '3 × 1 elements do not fit at the end of axis 0 of log, which is 5 × 3.',
    );
    await run('resize', 'log', '--shape', '4, 3');
    expect((await run('resize', 'log', '--shape', '1e18,3'))[0]).toMatch(/^log: 1000000000000000000 × 3 of/);
    expect(await values('log', '3:6')).toEqual([4, 5, 6, -1, -1, -1, -1, -1, -1]);
    await run('rechunk', 'log', '--chunk', '2048,1');
    expect(steps.at(-1)).toBe('Copying: 100 %');
    expect(await values('log', '2:4')).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('imports a CSV matrix with names and gaps', async () => {
    const path = join(folder, 'm.csv');
    await writeFile(path, 'a;b\n1;2.5\n3;\n\n4;-1e3\n');
    await run('import', path, '--as', 'matrix-of-text');
    expect(await values('matrix-of-text')).toEqual([1, 2.5, 3, Number.NaN, 4, -1000]);
  });

  it('imports columns of a table', async () => {
    await importSales(store.app, 70_000);
    await run('import', '--table', 'sales', '--columns', 'amount,units', '--as', 'sales-matrix');
    expect(store.arrays.head('sales-matrix').shape).toEqual(['70000', '2']);
    expect(await values('sales-matrix', '[0, 69999]')).toEqual([0.25, 0, 999.25, 69_999 % 7]);
  });

  it.each<[string[], RegExp]>([
    [['import', '/nowhere', '--as', 'x'], /There is no file or folder \/nowhere/],
    [['import', 'x'], /needs --as NAME/],
    [['create', 'x'], /needs --shape/],
    [['create', 'x', '--shape=-1'], /a size cannot be negative/],
    [['create', 'x', '--shape', '2', '--dtype', 'complex128'], /no element type "complex128"/],
    [['info', 'nothing'], /There is no array called nothing/],
    [['append', 'huge'], /needs the path/],
    [['append', 'huge', '/nowhere'], /There is no file or folder \/nowhere/],
    [['append', 'huge', 'x', 'y'], /“y” is one word too many/],
    [['resize', 'huge'], /needs --shape/],
    [['resize', 'huge', '--shape=-1,1'], /a size cannot be negative/],
    [['resize', 'huge', '--shape=1.5,1'], /must be a whole number/],
    [['resize', 'huge', '--shape=1e19,1'], /at most 2\^63 − 1 elements/],
    [['explode'], /There is no “array explode”/],
    [['rechunk', 'huge', '--chunk', 'hexagons'], /--chunk is rows, columns or tiles/],
    [['import', '--table', 'nope', '--columns', 'a', '--as', 'x'], /no data set called nope/],
  ])('%j: one sentence', async (args, sentence) => {
    await expect(run(...args)).rejects.toThrow(sentence);
  });

  it('leaves nothing of an import that fails half-way', async () => {
    const path = join(folder, 'ragged.csv');
    await writeFile(path, '1,2\n3,4,5\n');
    await expect(run('import', path, '--as', 'ragged')).rejects.toThrow(
      /Line 2 of .* has 3 values and those before 2/,
    );
    await writeFile(path, '1,2\n3,x\n');
    await expect(run('import', path, '--as', 'ragged')).rejects.toThrow(
      /Line 2, column 2 of .*: “x” is not a value/,
    );
    const bytes = await readFile(join(folder, 'f.npy'));
    await writeFile(path, bytes.subarray(0, bytes.length - 1));
    await expect(run('import', path, '--as', 'ragged')).rejects.toThrow(/was cut short or damaged/);
    expect(store.arrays.heads().map(({ name }) => name)).not.toContain('ragged');
  });
});

it('makes the demo arrays: data in far-apart regions, nothing between', async () => {
  for (const { id } of store.arrays.heads()) await store.arrays.drop(id);
  await loadDemoArrays(store.arrays);
  const sensors = store.arrays.head('sensors');
  expect(sensors.shape).toEqual(['1000000000000000000', '2']);
  expect(sensors.bytes).toBeLessThan(2 ** 24);
  for (const start of sensorRegions)
    expect((await values('sensors', `${start}:${start + 2n}`)).every((value) => Number.isFinite(value))).toBe(
      true,
    );
  expect(await values('sensors', '5e17')).toEqual([Number.NaN, Number.NaN]);
  const [row, column] = matrixRegions[1]!;
  expect(Number((await values('matrix', `${row}, ${column}`))[0])).toBeGreaterThan(0);
  expect(await values('matrix', '7e8, 7e8')).toEqual([0]);
}, 60_000);

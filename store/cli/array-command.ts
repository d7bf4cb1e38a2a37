import { parseDtype } from '../../src/arrays/dtype.ts';
import { type Access, adviseTopology, costOf, topologies } from '../../src/arrays/geometry.ts';
import { parseShapeText, shapeText } from '../../src/arrays/shape.ts';
import type { ArrayHead } from '../../src/protocol/array.ts';
import { isExaError } from '../../src/protocol/errors.ts';
import { fileArraySource, tableSource } from './array-source.ts';
import { type ArrayStore, arrayStore, type SpecJson } from './array-store.ts';
import { readOptions, type Typed } from './options.ts';
import { UsageError } from './print.ts';
import { progressLine } from './progress-line.ts';
import { wholeSource } from './whole-source.ts';

const help = `exanalytics array: arrays of any shape in the running store

  array list                       lists the arrays
  array create NAME --shape S --dtype T
                                   makes an empty one: --shape 1e18,2
  array import PATH --as NAME      imports a .npy file, a Zarr folder (v2 or v3) or a CSV matrix
  array import --table T --columns a,b --as NAME
                                   imports numeric columns of a data set
  array append NAME PATH           adds a .npy file or a CSV matrix of at most 64 MiB at its end, in one commit
  array resize NAME --shape S      makes it longer or shorter; what is cut off is gone
  array info NAME                  says what it is, and what reading it costs under each topology
  array rechunk NAME --chunk C     copies it into other chunks
  array export NAME                brings its Zarr v3 folder up to date, and says where it is
  array drop NAME                  drops it with all its data

    --chunk C       rows, columns or tiles, or sizes such as 256,256
    --dtype T       float64, int32, bool, datetime64[ms] …
    --fill V        what an element is where nothing was written (0)
    --order C|F     order of elements within a chunk (C)
    --compress C    gzip, zstd or none: how export compresses chunks (gzip)
    --store URL     the store (http://127.0.0.1:8090)
`;

/** What the command touches of the world. */
export interface ArrayEffects {
  readonly print?: (line: string) => void;
  readonly progress?: { show(line: string): void; done(): void };
  readonly fetch?: typeof globalThis.fetch;
}

/** `exanalytics array …`; resolves to the exit code. Throws `UsageError` or `ExaError`. */
export async function arrayCommand(args: readonly string[], effects: ArrayEffects = {}): Promise<number> {
  const { print = console.log, progress = progressLine(process.stderr) } = effects;
  const text = { type: 'string' } as const;
  const options = readOptions(args, {
    shape: text,
    dtype: text,
    chunk: text,
    fill: text,
    order: text,
    compress: text,
    as: text,
    table: text,
    columns: text,
    store: text,
    help: { type: 'boolean' },
  });
  const [verb, name, ...rest] = options.rest;
  const [path, ...more] = verb === 'append' ? rest : [undefined, ...rest];
  if (options.flag('help') || verb === undefined) {
    print(help);
    return options.flag('help') ? 0 : 2;
  }
  if (more.length > 0)
    throw new UsageError(`“${more[0]}” is one word too many: array --help tells what goes where.`);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  const store = arrayStore(options.text('store') ?? 'http://127.0.0.1:8090', {
    fetch: effects.fetch,
    signal: interrupt.signal,
  });
  try {
    return await run(store, verb, { name, path }, options, print, progress);
  } catch (error) {
    progress.done();
    if (interrupt.signal.aborted) {
      print('It was cancelled: nothing of it is stored.');
      return 130;
    }
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
}

async function run(
  store: ArrayStore,
  verb: string,
  { name, path }: { readonly name?: string; readonly path?: string },
  options: Typed,
  print: (line: string) => void,
  progress: { show(line: string): void; done(): void },
): Promise<number> {
  const percent = (what: string) => (done: number) => progress.show(`${what}: ${Math.round(done * 100)} %`);
  switch (verb) {
    case 'list': {
      const heads = await store.list();
      for (const head of heads) print(`${head.name}: ${lineOf(head)}`);
      if (heads.length === 0)
        print('There are no arrays yet: exanalytics array create NAME --shape 1e18,2 --dtype float64.');
      return 0;
    }
    case 'create': {
      const { array } = await store.create(specOf(needed(name, 'create'), options, undefined));
      print(`${array}: ${lineOf(await store.head(array))}`);
      return 0;
    }
    case 'import':
      return await importArray(store, name, options, print, progress);
    case 'append': {
      const head = await store.head(needed(name, 'append'));
      if (path === undefined) throw new UsageError('array append needs the path of what is added.');
      const { version } = await store.append(
        head.id,
        await wholeSource(await fileArraySource(path, head.dtype), path),
      );
      print(`${head.name}: ${lineOf(await store.head(head.id))}, version ${version}.`);
      return 0;
    }
    case 'resize': {
      const head = await store.head(needed(name, 'resize'));
      const shape = options.text('shape');
      if (shape === undefined) throw new UsageError('array resize needs --shape, such as --shape 1e18,2.');
      await store.resize(head.id, parseShapeText(shape));
      print(`${head.name}: ${lineOf(await store.head(head.id))}`);
      return 0;
    }
    case 'info': {
      for (const line of infoOf(await store.head(needed(name, 'info')))) print(line);
      return 0;
    }
    case 'rechunk': {
      const head = await store.head(needed(name, 'rechunk'));
      const chunk = chunkOf(options);
      if (chunk === undefined)
        throw new UsageError('array rechunk needs --chunk: rows, columns, tiles, or sizes.');
      await store.run(head.id, 'rechunk', { chunk }, percent('Copying'));
      progress.done();
      print(`${head.name}: ${lineOf(await store.head(head.id))}`);
      return 0;
    }
    case 'export': {
      const head = await store.head(needed(name, 'export'));
      const compress = options.text('compress') ?? 'gzip';
      if (!['gzip', 'zstd', 'none'].includes(compress))
        throw new UsageError('--compress is gzip, zstd or none.');
      const result = await store.run(head.id, 'checkpoint', { compress }, percent('Writing'));
      progress.done();
      const { folder, shards } = result as { folder: string; shards: number };
      print(
        `${head.name}: ${shards} shard${shards === 1 ? '' : 's'} written; the Zarr v3 array is in ${folder}.`,
      );
      return 0;
    }
    case 'drop': {
      const head = await store.head(needed(name, 'drop'));
      await store.drop(head.id);
      print(`${head.name} is gone.`);
      return 0;
    }
    default:
      throw new UsageError(
        `There is no “array ${verb}”: there are list, create, import, append, resize, info, rechunk, export and drop.`,
      );
  }
}

async function importArray(
  store: ArrayStore,
  path: string | undefined,
  options: Typed,
  print: (line: string) => void,
  progress: { show(line: string): void; done(): void },
): Promise<number> {
  const name = options.text('as');
  if (name === undefined) throw new UsageError('array import needs --as NAME.');
  const table = options.text('table');
  if ((table === undefined) === (path === undefined))
    throw new UsageError('array import takes a path, or --table with --columns.');
  const asked = options.text('dtype');
  const columns = (options.text('columns') ?? '')
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  if (table !== undefined && columns.length === 0) throw new UsageError('--table needs --columns a,b.');
  const source =
    table !== undefined
      ? await tableSource(store, table, columns)
      : await fileArraySource(path!, asked === undefined ? undefined : parseDtype(asked));
  const { id, chunk } = await store.beginImport(specOf(name, options, source));
  try {
    let sent = 0;
    for await (const { start, array } of source.read(chunk)) {
      const at = start.map((from, axis) => `${from}:${from + BigInt(array.shape[axis]!)}`).join(', ');
      await store.sendValues(id, at, array);
      progress.show(`${name}: ${Math.min(100, Math.round((100 * ++sent) / source.boxes))} %`);
    }
    const { array, version } = await store.commitImport(id);
    progress.show('Levels');
    await store.run(array, 'summarise', undefined, (done) =>
      progress.show(`Levels: ${Math.round(done * 100)} %`),
    );
    progress.done();
    print(`${name}: ${lineOf(await store.head(array))}, version ${version}.`);
    return 0;
  } catch (error) {
    await store.abortImport(id);
    throw isExaError(error) ? error : new Error('The import failed.', { cause: error });
  }
}

function specOf(
  name: string,
  options: Typed,
  source: { shape: readonly bigint[]; dtype: string; fill?: string | number | boolean } | undefined,
): SpecJson {
  const shape = options.text('shape');
  if (!source && shape === undefined)
    throw new UsageError('array create needs --shape, such as --shape 1e18,2.');
  const fill = options.text('fill') ?? source?.fill;
  return {
    name,
    shape: (source ? source.shape : parseShapeText(shape!)).map(String),
    dtype: source?.dtype ?? options.text('dtype') ?? 'float64',
    chunk: chunkOf(options),
    order: options.text('order'),
    fill,
  };
}

function chunkOf(options: Typed): string | number[] | undefined {
  const text = options.text('chunk');
  if (text === undefined || topologies.some((one) => one === text)) return text;
  const sizes = text.split(',').map(Number);
  if (sizes.every((size) => Number.isSafeInteger(size) && size > 0)) return sizes;
  throw new UsageError(`--chunk is rows, columns or tiles, or sizes such as 256,256; “${text}” is none.`);
}

function needed(name: string | undefined, verb: string): string {
  if (name !== undefined) return name;
  throw new UsageError(`array ${verb} needs the array’s name.`);
}

function lineOf({ shape, dtype, chunk, chunks }: ArrayHead): string {
  const count = `${chunks} ${chunks === 1 ? 'chunk' : 'chunks'} written`;
  return `${shapeText(shape)} of ${dtype} in chunks of ${shapeText(chunk)}, ${count}`;
}

/** The head, then what four ways of reading it cost under today's chunks, with advice where another is much cheaper. */
function infoOf(head: ArrayHead): string[] {
  const shape = head.shape.map(BigInt);
  const lines = [
    `${head.name} (${head.id}): ${lineOf(head)}`,
    `  fill ${String(head.fill)}, ${head.order} order, ${head.bytes} bytes in its journal, version ${head.version}, ${head.asOf}`,
  ];
  const accesses: readonly [string, Access][] = [
    ['one row', { kind: 'rows', count: 1n }],
    ['one column', { kind: 'columns', count: 1n }],
    ['a tile of 512 an axis', { kind: 'tiles', count: 1n, side: 512n }],
    ['1000 single elements', { kind: 'random', count: 1000n }],
  ];
  for (const [what, access] of accesses) {
    const { chunks, bytes } = costOf(shape, head.chunk, head.dtype, access);
    const { sentence } = adviseTopology(shape, head.chunk, head.dtype, access);
    lines.push(`  ${what}: ${chunks} chunks, ${bytes} bytes${sentence ? `. ${sentence}` : ''}`);
  }
  return lines;
}

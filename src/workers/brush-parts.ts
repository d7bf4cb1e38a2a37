import { encodeColumns } from '../arrow/columns-stream.ts';
import { compileAggregate, compileRows } from '../kernels/table/compile.ts';
import type { Cube } from '../kernels/table/cube.ts';
import { mergeCubes } from '../kernels/table/cube-merge.ts';
import { ExaError, isExaError } from '../protocol/errors.ts';
import { groupBy } from '../protocol/group-by.ts';
import type { Head } from '../protocol/head.ts';
import type { AggregateSpec } from '../protocol/kernel.ts';
import type { BlockPlace, BrushAxis, BrushParts, ComputeCalls } from '../protocol/messages.ts';
import type { BrushRequest } from '../protocol/query.ts';
import type { Prepared, Preparer } from './answerer.ts';
import { gather, heldPlaces, pagesOf, placesOf } from './gather.ts';
import { isWorthReplanning, pageBuffers, placeOf } from './page-desk.ts';
import { bookedHead, type RootOptions, type Works } from './root-partial.ts';
import { storedColumns } from './spec-columns.ts';

/** Blocks brought to a worker at once while a cube is built from pages that are not decoded. */
const blocksAtOnce = 8;

const maxPlans = 24;

let lastBuild = 0;

/**
 * Builds the cubes of a brush where its columns are, each worker's over its blocks, fetching what is not here. Throws `refused` when the columns
 * do not fit in this browser.
 */
export async function prepareBrush(
  works: Works,
  { prepare }: Preparer,
  request: BrushRequest,
  options: RootOptions,
): Promise<BrushParts> {
  const { dataset, active, questions } = request;
  const activeRow = {
    kind: 'rows' as const,
    dataset,
    columns: [active.column],
    order: [],
    offset: 0,
    limit: 1,
  };
  let corruptions = 0;
  for (let attempt = 0; attempt < maxPlans; attempt++) {
    options.signal?.throwIfAborted();
    const prepared = await prepare([...questions, activeRow], options);
    const { head, current } = await bookedHead(works.book, dataset, options);
    try {
      const compiledActive = compileRows(activeRow, prepared.headOf, prepared.lookups);
      if (compiledActive.lookups.length > 0)
        throw new ExaError('invalid', `“${active.column}” belongs to another table and cannot be brushed.`);
      const axis: BrushAxis = {
        operand: compiledActive.take[0]!,
        from: active.from,
        width: (active.to - active.from) / active.bins,
        bins: active.bins,
      };
      const specs = questions.map((question) => {
        const { spec } = compileAggregate(question, prepared.headOf, prepared.lookups);
        return { ...spec, columns: { ...spec.columns, ...compiledActive.columns.all } };
      });
      const columns = storedColumns({ columns: Object.assign({}, ...specs.map((spec) => spec.columns)) });
      const online = works.book.online && current && !options.offline;
      const places = online
        ? await bring(works, head, columns, options)
        : await heldPlaces(
            works,
            head,
            columns,
            head.revisions.map((_, block) => block),
          );
      if (!places) continue;
      const cubes = await build(works, head, places, axis, specs, options);
      return { cubes, heads: headsOf(prepared), lookups: encodeLookups(prepared) };
    } catch (error) {
      if (!isWorthReplanning(error)) throw error;
      if (isExaError(error, 'corrupt') && ++corruptions > 1) throw error;
      if (isExaError(error, 'gone') && works.book.online && (await works.book.known(dataset))?.head === head)
        await works.book.refresh(dataset, options.signal);
    }
  }
  throw new ExaError('conflict', 'The data change faster than they can be read; trying again shortly.');
}

/** Undefined when the head moved meanwhile. */
async function bring(
  works: Works,
  head: Head,
  columns: readonly string[],
  options: RootOptions,
): Promise<BlockPlace[] | undefined> {
  const blocks = head.revisions.map((_, block) => block);
  const pages = await pagesOf(works, head, columns, blocks);
  if (pages.bytes > works.budgetBytes)
    throw new ExaError('refused', 'This table is too large to be brushed in this browser.', {
      facts: { dataset: head.id, bytes: Math.round(pages.bytes) },
    });
  return (await gather(works, head, pages, options)) ? placesOf(head, blocks) : undefined;
}

async function build(
  works: Works,
  head: Head,
  places: readonly BlockPlace[],
  axis: BrushAxis,
  specs: readonly AggregateSpec[],
  options: RootOptions,
): Promise<readonly Cube[]> {
  const place = placeOf(head);
  await works.pool.staff(places.length);
  const workerOf = works.pool.workersOf(place, head.revisions.length);
  if (places.length === 0) return buildOn(works, workerOf(0), place, places, axis, specs, options);
  const byWorker = groupBy(places, ({ block }) => workerOf(block));
  const built = await Promise.all(
    [...byWorker].map(([worker, mine]) => buildOn(works, worker, place, mine, axis, specs, options)),
  );
  return built.reduce((left, right) => left.map((cube, i) => mergeCubes(cube, right[i]!)));
}

/** The cubes over one worker's blocks. */
async function buildOn(
  { pool, desk }: Works,
  worker: number,
  place: string,
  places: readonly BlockPlace[],
  axis: BrushAxis,
  specs: readonly AggregateSpec[],
  { signal }: RootOptions,
): Promise<readonly Cube[]> {
  const name = `${place}/${++lastBuild}`;
  const call = (blocks: readonly BlockPlace[], pages: ComputeCalls['cube']['ask']['pages'], last: boolean) =>
    pool.call(
      worker,
      'cube',
      { place, blocks, pages, build: name, axis, specs, last },
      { signal, transfer: pageBuffers(pages) },
    );
  const atOnce = await call(places, [], true);
  if (atOnce.kind === 'cubes') return atOnce.cubes as readonly Cube[];
  let cubes: readonly unknown[] = [];
  for (let start = 0; start < places.length; start += blocksAtOnce) {
    const mine = places.slice(start, start + blocksAtOnce);
    const reply = await desk.supply<{ kind: 'cubes'; cubes: readonly unknown[] }>(place, mine, (pages) =>
      call(mine, pages, start + blocksAtOnce >= places.length),
    );
    cubes = reply.cubes;
  }
  return cubes as readonly Cube[];
}

function headsOf(prepared: Prepared): Head[] {
  return [...prepared.heads.values()].map(({ head }) => head);
}

function encodeLookups(prepared: Prepared): BrushParts['lookups'] {
  return [...prepared.lookups].map(([id, { key, attribute }]) => ({
    id,
    bytes: encodeColumns({ key, attribute }),
  }));
}

import { loadChecksum } from '../src/arrow/checksum.ts';
import { encodePatch } from '../src/arrow/patch.ts';
import type { BatchItem, BatchPart, BatchRequest } from '../src/protocol/batch.ts';
import { ExaError } from '../src/protocol/errors.ts';
import type { Head } from '../src/protocol/head.ts';
import { liveColumn, type PageKey } from '../src/protocol/page.ts';
import type { Snapshot, TableDriver } from './drivers/table-driver.ts';
import { handOff } from './hand-off.ts';
import type { PartialStore } from './partials.ts';

/** A page's Arrow bytes and their xxHash64, built from the snapshot or kept from before. */
export type PageBytes = (
  snapshot: Snapshot,
  key: PageKey,
) => Promise<{ readonly bytes: Uint8Array; readonly checksum: string }>;

/** Body bytes after which a batch ends. What was not answered is asked for again. */
export const maxBatchBytes = 16 * 2 ** 20;

/** Items worked on at a time, so that one that takes long does not keep those after it waiting. */
const itemLanes = 3;

/** What the parts are made from. */
export interface BatchSources {
  readonly driver: Pick<TableDriver, 'snapshot'>;
  readonly pageBytes: PageBytes;
  readonly partials: PartialStore;
}

/**
 * The parts of a batch, all read through one snapshot: items begin in the order asked, the parts of an item are in
 * its order, each made when the one before it was taken. It ends at the first part that brings the bodies to `maxBytes`: what is left out was simply not answered.
 * A patch item is one part for all of its blocks; pages and partials are one part each; nodes beyond the last block
 * have none. Throws before the first part: `missing` for an unknown data set, `gone` for another epoch,
 * `invalid` for a column or block that is not there.
 */
export function batchParts(
  sources: BatchSources,
  request: BatchRequest,
  { maxBytes = maxBatchBytes, signal: leaves }: { maxBytes?: number; signal?: AbortSignal } = {},
): AsyncGenerator<BatchPart> {
  return handOff<BatchPart>((send, taker) => {
    const signal = leaves ? AbortSignal.any([taker, leaves]) : taker;
    return sources.driver.snapshot(async (snapshot) => {
      const heads = request.items.map((item) => headOf(snapshot, item));
      for (const [i, item] of request.items.entries()) checkItem(item, heads[i]!);
      let left = maxBytes;
      let sent: Promise<void> = Promise.resolve();
      const isOver = () => left <= 0 || signal.aborted;
      const inTurn = (part: BatchPart): Promise<void> => {
        sent = sent.then(async () => {
          if (isOver()) return;
          await send(part);
          left -= part.body.byteLength;
        });
        return sent;
      };
      let next = 0;
      const lane = async (): Promise<void> => {
        while (next < request.items.length && !isOver()) {
          const i = next++;
          for await (const part of itemParts(sources, snapshot, heads[i]!, request.items[i]!, i, signal)) {
            await inTurn(part);
            if (isOver()) return;
          }
        }
      };
      const lanes = await Promise.allSettled(Array.from({ length: itemLanes }, lane));
      for (const { status, ...result } of lanes)
        if (status === 'rejected' && 'reason' in result) throw result.reason;
    });
  });
}

async function* itemParts(
  { pageBytes, partials }: BatchSources,
  snapshot: Snapshot,
  head: Head,
  item: BatchItem,
  index: number,
  signal: AbortSignal,
): AsyncGenerator<BatchPart> {
  const { version } = snapshot;
  switch (item.kind) {
    case 'pages':
      for (const block of item.blocks) {
        const revision = head.revisions[block]!;
        const { id: dataset, epoch, scope } = head;
        const page = await pageBytes(snapshot, {
          dataset,
          epoch,
          scope,
          block,
          column: item.column,
          revision,
        });
        const { checksum, bytes: body } = page;
        yield { item: index, kind: 'page', version, block, level: 0, revision, checksum, body };
      }
      return;
    case 'patch': {
      const columns = item.columns.filter((column) => column !== liveColumn);
      const body = encodePatch(await snapshot.readChanged(item.dataset, columns, item.blocks));
      const checksum = (await loadChecksum())(body);
      const revision = item.blocks.reduce((most, { block }) => Math.max(most, head.revisions[block]!), 0);
      const block = item.blocks[0]?.block ?? 0;
      yield { item: index, kind: 'patch', version, block, level: 0, revision, checksum, body };
      return;
    }
    case 'partials': {
      const reader = partials.open(snapshot, head, item.kernel);
      await reader.prepare(item.nodes, signal);
      for (const node of item.nodes) {
        const made = await reader.encoded(node, signal);
        if (!made) continue;
        const { bytes: body, checksum, revision } = made;
        const { level, index: block } = node;
        yield { item: index, kind: 'partial', version, block, level, revision, checksum, body };
      }
    }
  }
}

function headOf(snapshot: Snapshot, item: BatchItem): Head {
  const head = snapshot.head(item.dataset);
  if (head.epoch !== item.epoch)
    throw new ExaError('gone', `The data set “${head.name}” was replaced: read its head again.`, {
      facts: { dataset: head.id, epoch: head.epoch },
    });
  return head;
}

function checkItem(item: BatchItem, head: Head): void {
  if (item.kind === 'partials') return;
  const columns = item.kind === 'pages' ? [item.column] : item.columns;
  for (const column of columns) checkColumn(head, column);
  for (const place of item.blocks) {
    const block = typeof place === 'number' ? place : place.block;
    checkBlock(head, block);
    if (typeof place !== 'number' && place.since > head.version)
      throw new ExaError('gone', `The store never had version ${place.since}: read the head again.`, {
        facts: { dataset: head.id, since: place.since, version: head.version },
      });
  }
}

/** Throws `missing` naming the column. */
export function checkColumn(head: Head, column: string): void {
  if (column === liveColumn || head.columns.some((one) => one.id === column)) return;
  throw new ExaError('missing', `The data set “${head.name}” has no column “${column}”.`, {
    facts: { dataset: head.id, column },
  });
}

/** Throws `missing` saying how many there are. */
export function checkBlock(head: Head, block: number): void {
  if (block < head.revisions.length) return;
  throw new ExaError(
    'missing',
    `The data set “${head.name}” has no block ${block}: it has ${head.revisions.length}, counted from 0.`,
    { facts: { dataset: head.id, block } },
  );
}

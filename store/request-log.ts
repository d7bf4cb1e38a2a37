import { createWriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import type { BatchItem } from '../src/protocol/batch.ts';

/** What one item of a batch asked for, in short. */
export interface ItemNote {
  readonly kind: BatchItem['kind'] | 'chunks';
  readonly dataset: string;
  readonly columns: readonly string[];
  /** Blocks, tree nodes of partials, or an array's chunks. */
  readonly blocks: number;
}

/** One line of the log. `bytes` is the length of the body sent, as encoded; `ms` until its last byte. */
export interface RequestNote {
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly bytes: number;
  readonly ms: number;
  readonly items?: readonly ItemNote[];
  /** Parts and body bytes of a batch that were sent, by kind. */
  readonly parts?: Readonly<Record<string, { readonly count: number; readonly bytes: number }>>;
}

export interface RequestLog {
  write(note: RequestNote): void;
  close(): Promise<void>;
}

export function noteOf(item: BatchItem): ItemNote {
  const { kind, dataset } = item;
  switch (item.kind) {
    case 'pages':
      return { kind, dataset, columns: [item.column], blocks: item.blocks.length };
    case 'patch':
      return { kind, dataset, columns: item.columns, blocks: item.blocks.length };
    case 'partials':
      return { kind, dataset, columns: Object.keys(item.kernel.columns), blocks: item.nodes.length };
  }
}

/** Appends a JSON line a request to `file`. A log that cannot be written is reported once and given up. */
export function fileLog(file: string, warn: (sentence: string) => void): RequestLog {
  const stream = createWriteStream(file, { flags: 'a' });
  let failed = false;
  stream.on('error', (error) => {
    if (!failed) warn(`The request log ${file} cannot be written (${error.message}); requests go unlogged.`);
    failed = true;
  });
  return {
    write(note) {
      if (!failed) stream.write(`${JSON.stringify(note)}\n`);
    },
    async close() {
      if (failed) return;
      stream.end();
      await finished(stream).catch(() => {});
    },
  };
}

import { type Kernel, kernelKey, kernelOf, type Partial } from '../kernels/kernel.ts';
import type { KernelSpec } from '../protocol/kernel.ts';
import type { PageCache } from '../storage/page-cache.ts';
import { byteLru } from './byte-lru.ts';
import type { Node } from './plan.ts';

/** A kernel, with what names its partials. */
export interface NamedKernel<S = KernelSpec, P = Partial> {
  readonly spec: S;
  readonly kernel: Kernel<P>;
  /** Canonical JSON. */
  readonly key: string;
  /** xxHash64 of `key`, hexadecimal: short enough for slots. */
  readonly hash: string;
}

export interface KeptPartial<P = Partial> {
  readonly revision: number;
  readonly partial: P;
}

/** What makes kernels of specs, and names them. */
export interface KernelMaker<S, P> {
  kernelOf(spec: S): Kernel<P>;
  /** Canonical JSON: two specs with the same key have the same partials. */
  keyOf(spec: S): string;
}

/** Partials of tree nodes: decoded in memory within a budget, encoded in the page cache. */
export interface PartialShelf<S = KernelSpec, P = Partial> {
  name(spec: S): NamedKernel<S, P>;
  /** What is in memory. */
  get(place: string, kernel: NamedKernel<S, P>, node: Node): KeptPartial<P> | undefined;
  /** Brings nodes from the page cache into memory; damaged or strange ones are dropped. */
  warm(place: string, kernel: NamedKernel<S, P>, nodes: readonly Node[]): Promise<void>;
  /** Keeps a partial in memory at once, and in the page cache when there is time. */
  put(place: string, kernel: NamedKernel<S, P>, node: Node, revision: number, partial: P): void;
  /** Writes what waits to the page cache. */
  flush(): Promise<void>;
  forget(dataset?: string): void;
}

/** Bytes of decoded partials the coordinator keeps. */
const shelfBytes = 48 * 2 ** 20;

/** A larger partial is not kept on disk: it is as quickly made again. */
const maxKeptBytes = 4 * 2 ** 20;

/** Partials wait this long to be written, in ms: answers come first. */
const writeAfterMs = 250;

export function partialShelf(
  cache: PageCache,
  checksum: (bytes: Uint8Array) => string,
  after: (ms: number, task: () => void) => void = later,
): PartialShelf {
  return shelfOf({ kernelOf, keyOf: kernelKey }, cache, checksum, after);
}

/** A shelf of partials of any kind of kernel. */
export function shelfOf<S, P>(
  maker: KernelMaker<S, P>,
  cache: PageCache,
  checksum: (bytes: Uint8Array) => string,
  after: (ms: number, task: () => void) => void = later,
): PartialShelf<S, P> {
  const lru = byteLru<KeptPartial<P>>(shelfBytes);
  const named = new Map<string, NamedKernel<S, P>>();
  const looked = new Set<string>();
  /** Partials to be written, by slot. */
  const waiting = new Map<string, KeptPartial<P> & { readonly kernel: Kernel<P> }>();
  const flush = async () => {
    const pages = [...waiting].map(([slot, { revision, partial, kernel }]) => {
      const bytes = kernel.encode(partial);
      return { slot, revision, checksum: checksum(bytes), bytes };
    });
    waiting.clear();
    if (pages.length > 0) await cache.putMany(pages);
  };
  const slot = (place: string, { hash }: NamedKernel<S, P>, { level, index }: Node) =>
    `${place}/~${hash}/${level}/${index}`;

  return {
    name(spec) {
      const key = maker.keyOf(spec);
      const known = named.get(key);
      if (known) return known;
      const made = { spec, key, kernel: maker.kernelOf(spec), hash: checksum(new TextEncoder().encode(key)) };
      if (named.size >= 256) named.clear();
      named.set(key, made);
      return made;
    },
    get: (place, kernel, node) => lru.get(slot(place, kernel, node)),
    async warm(place, kernel, nodes) {
      const wanted = nodes.map((node) => slot(place, kernel, node)).filter((name) => !looked.has(name));
      if (wanted.length === 0) return;
      if (looked.size > 100_000) looked.clear();
      const found = await cache.getMany(wanted);
      for (const [i, page] of found.entries()) {
        const name = wanted[i]!;
        looked.add(name);
        if (!page || lru.get(name)) continue;
        try {
          const partial = kernel.kernel.decode(page.bytes);
          lru.set(name, { revision: page.revision, partial }, kernel.kernel.byteSize(partial));
        } catch {
          void cache.delMany([name]);
        }
      }
    },
    put(place, kernel, node, revision, partial) {
      const name = slot(place, kernel, node);
      const bytes = kernel.kernel.byteSize(partial);
      lru.set(name, { revision, partial }, bytes);
      if (bytes > maxKeptBytes) return;
      if (waiting.size === 0) after(writeAfterMs, () => void flush());
      waiting.set(name, { revision, partial, kernel: kernel.kernel });
    },
    flush,
    forget(dataset) {
      const chosen = (key: string) => dataset === undefined || key.startsWith(`${dataset}/`);
      lru.drop(chosen);
      for (const key of [...waiting.keys()]) if (chosen(key)) waiting.delete(key);
      for (const key of [...looked]) if (chosen(key)) looked.delete(key);
    },
  };
}

function later(ms: number, task: () => void): void {
  setTimeout(task, ms);
}

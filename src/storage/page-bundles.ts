/** Where a page lies in a bundle: bytes `[at, at + length)` of it. */
export interface BundledPage {
  readonly slot: string;
  readonly revision: number;
  readonly checksum: string;
  readonly at: number;
  readonly length: number;
}

/** What is known of a bundle: how long it is, and the pages of it that still count. */
export interface Bundle {
  readonly bytes: number;
  readonly pages: ReadonlyMap<string, BundledPage>;
  /** Name of the file it lies in; a record of the database otherwise. */
  readonly file?: string;
}

/**
 * Which page lies in which bundle. A bundle is many pages in one record, written once; pages leave it one by one, and
 * a slot has at most one place. Pure bookkeeping: whoever changes it has changed the disk before.
 */
export class PageBundles {
  readonly #bundles = new Map<string, { bytes: number; pages: Map<string, BundledPage>; file?: string }>();
  readonly #bundleOf = new Map<string, string>();

  /** Of a slot: its bundle, its place there, and the bundle's file. */
  find(
    slot: string,
  ): { readonly bundle: string; readonly page: BundledPage; readonly file: string | undefined } | undefined {
    const bundle = this.#bundleOf.get(slot);
    const known = bundle === undefined ? undefined : this.#bundles.get(bundle);
    const page = known?.pages.get(slot);
    return bundle === undefined || page === undefined ? undefined : { bundle, page, file: known?.file };
  }

  /** Names of the files of all bundles that lie in one. */
  files(): Set<string> {
    return new Set([...this.#bundles.values()].flatMap(({ file }) => file ?? []));
  }

  get(bundle: string): Bundle | undefined {
    return this.#bundles.get(bundle);
  }

  slots(): string[] {
    return [...this.#bundleOf.keys()];
  }

  /** What would be left of each bundle that holds one of `slots`. */
  without(slots: Iterable<string>): Map<string, BundledPage[]> {
    const leaving = new Map<string, Set<string>>();
    for (const slot of slots) {
      const bundle = this.#bundleOf.get(slot);
      if (bundle === undefined) continue;
      const gone = leaving.get(bundle) ?? new Set();
      leaving.set(bundle, gone.add(slot));
    }
    return new Map(
      [...leaving].map(([bundle, gone]) => [
        bundle,
        [...this.#bundles.get(bundle)!.pages.values()].filter(({ slot }) => !gone.has(slot)),
      ]),
    );
  }

  /** Forgets the places of `slots`, and every bundle of which nothing is left. */
  remove(slots: Iterable<string>): void {
    for (const slot of slots) {
      const bundle = this.#bundleOf.get(slot);
      if (bundle === undefined) continue;
      this.#bundleOf.delete(slot);
      const { pages } = this.#bundles.get(bundle)!;
      pages.delete(slot);
      if (pages.size === 0) this.#bundles.delete(bundle);
    }
  }

  /** A bundle of `bytes` bytes in all; its pages' earlier places are forgotten. */
  add(bundle: string, bytes: number, pages: readonly BundledPage[], file?: string): void {
    this.remove(pages.map(({ slot }) => slot));
    if (pages.length === 0) return;
    this.#bundles.set(bundle, { bytes, pages: new Map(pages.map((page) => [page.slot, page])), file });
    for (const { slot } of pages) this.#bundleOf.set(slot, bundle);
  }

  /** A bundle of which less than half still counts. */
  wasteful(): string | undefined {
    for (const [bundle, { bytes, pages }] of this.#bundles) {
      let live = 0;
      for (const { length } of pages.values()) live += length;
      if (live < bytes / 2) return bundle;
    }
    return undefined;
  }
}

/** Bytes `[start, end)` of a bundle, read at once for the pages that lie there. */
export interface BundleRun {
  readonly start: number;
  readonly end: number;
  readonly pages: readonly BundledPage[];
}

/** As few reads as reach all `pages` of a bundle without reading more than `gap` unwanted bytes between two of them. */
export function runsOf(pages: readonly BundledPage[], gap: number): BundleRun[] {
  const runs: { start: number; end: number; pages: BundledPage[] }[] = [];
  for (const page of [...pages].sort((a, b) => a.at - b.at)) {
    const last = runs[runs.length - 1];
    const end = page.at + page.length;
    if (last && page.at - last.end <= gap) {
      last.end = Math.max(last.end, end);
      last.pages.push(page);
    } else runs.push({ start: page.at, end, pages: [page] });
  }
  return runs;
}

/** Lays pages end to end, each from a multiple of eight. */
export function layOut(
  pages: readonly {
    readonly slot: string;
    readonly revision: number;
    readonly checksum: string;
    readonly bytes: Uint8Array;
  }[],
): { readonly pages: BundledPage[]; readonly parts: Uint8Array[]; readonly bytes: number } {
  const placed: BundledPage[] = [];
  const parts: Uint8Array[] = [];
  let at = 0;
  for (const { slot, revision, checksum, bytes } of pages) {
    const length = bytes.byteLength;
    placed.push({ slot, revision, checksum, at, length });
    parts.push(bytes);
    const padding = -length & 7;
    if (padding > 0) parts.push(new Uint8Array(padding));
    at += length + padding;
  }
  return { pages: placed, parts, bytes: at };
}

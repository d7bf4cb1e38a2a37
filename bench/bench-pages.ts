import type { AggregateQuestion } from '../src/protocol/query.ts';
import type { Check } from './check.ts';

/** The pages of some columns of a data set. */
export interface StreamAsk {
  readonly storeUrl: string;
  readonly dataset: string;
  readonly epoch: string;
  readonly columns: readonly string[];
  readonly blocks: number;
}

/** Milliseconds a stream took, and what it brought. */
export interface Streamed {
  readonly ms: number;
  readonly bytes: number;
}

/** A line over rows `[start, end)` of an array, in digits. */
export interface LineZoom {
  readonly array: string;
  readonly start: string;
  readonly end: string;
  readonly pixels: number;
}

/** Milliseconds to the first and to the sharp picture, the chunks it is made of, and numbers seen. */
export interface Zoomed {
  readonly firstMs: number;
  readonly ms: number;
  readonly chunks: number;
  readonly count: number;
}

/** A whole array read: milliseconds, bytes of elements, and what they add up to. */
export interface Slice extends Streamed {
  readonly sum: number;
}

/** Milliseconds of some answers, and what each adds up to. */
export interface Asked {
  readonly ms: number;
  readonly checks: Check[];
}

/**
 * `globalThis.bench` of the benchmark's page, as the driver calls it. Declared apart from the page's modules, whose
 * peers are installed only where benchmarks run.
 */
export interface BenchPages {
  readonly ours: {
    open(storeUrl: string): void;
    bringHere(question: AggregateQuestion, pages: number): Promise<number>;
    columns(dataset: string, round: number): Promise<{ readonly ms: number; readonly from: string }>;
    first(dataset: string, round: number): Promise<Asked & { readonly from: string[] }>;
    brush(
      dataset: string,
      round: number,
      steps: readonly (readonly [number, number])[],
    ): Promise<{ readonly buildMs: number; readonly brushMs: number[]; readonly checks: Check[] }>;
    watch(question: AggregateQuestion): void;
    arrived(version: number): Promise<number>;
    keptPages(): Promise<number>;
  };
  readonly bare: { fetchAndKeep(urls: readonly string[]): Promise<Streamed> };
  stream(): Promise<{ streamAndKeep(ask: StreamAsk): Promise<Streamed> }>;
  gadgets(): Promise<{
    showCrossfilter(dataset: string): Promise<void>;
    showGrid(dataset: string): Promise<void>;
    showPivot(dataset: string): Promise<void>;
    choosePivot(
      dataset: string,
      round: number,
    ): Promise<{ ms: number; longestTaskMs: number; rows: number; columns: number; total: string }>;
    brushArea(): Promise<{ left: number; top: number; width: number; height: number }>;
    watchBrush(): void;
    brushed(): number[];
    scrollGrid(steps: number): Promise<void>;
    lastRowShown(): string;
  }>;
  arrays(): Promise<{
    zoom(zoom: LineZoom): Promise<Zoomed>;
    slice(array: string): Promise<Slice>;
    sliceZarrita(url: string): Promise<Slice>;
    fetchChunks(urls: readonly string[]): Promise<Streamed>;
  }>;
  duckdb(): Promise<{
    loadDuckdb(rows: number): Promise<number>;
    askDuckdb(statements: readonly string[]): Promise<Asked>;
  }>;
  perspective(): Promise<{
    loadPerspective(rows: number): Promise<number>;
    askPerspective(round: number): Promise<number>;
  }>;
}

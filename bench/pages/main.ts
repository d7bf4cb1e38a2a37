import type { BenchPages } from '../bench-pages.ts';
import * as bare from './bare-fetch.ts';
import * as ours from './ours.ts';

/** What the benchmark's driver calls in the page; peers are loaded only where they are measured. */
const pages: BenchPages = {
  ours,
  bare,
  stream: () => import('./stream.ts'),
  arrays: () => import('./arrays.ts'),
  gadgets: () => import('./gadgets.ts'),
  duckdb: () => import('./peers.ts'),
  perspective: () => import('./perspective.ts'),
};

declare global {
  var bench: BenchPages;
}

globalThis.bench = pages;

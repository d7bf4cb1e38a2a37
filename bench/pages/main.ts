import * as bare from './bare-fetch.ts';
import * as ours from './ours.ts';

/** What the benchmark's driver calls in the page; peers are loaded only where they are measured. */
Object.assign(globalThis, {
  bench: {
    ours,
    bare,
    duckdb: () => import('./peers.ts'),
    perspective: () => import('./perspective.ts'),
  },
});

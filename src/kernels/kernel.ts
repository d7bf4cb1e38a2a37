import type { KernelSpec } from '../protocol/kernel.ts';
import type { BlockInput } from './block.ts';
import { canonicalJson } from './canonical-json.ts';
import { aggregateKernel } from './table/aggregate.ts';
import type { AggregatePartial } from './table/partial.ts';
import { type TopPartial, topKernel } from './table/top.ts';

/**
 * A question in its one shape: `map` a block, `merge` two partials (the left one covers lower blocks), `finish` elsewhere.
 * `merge` may return one of its arguments and changes neither. `encode` gives the same bytes for the same partial
 * in every engine; `decode` throws `corrupt` on bytes that are not its own.
 */
export interface Kernel<P> {
  map(input: BlockInput): P;
  merge(left: P, right: P): P;
  encode(partial: P): Uint8Array;
  decode(bytes: Uint8Array): P;
  /** Bytes a partial takes in memory, for byte budgets. */
  byteSize(partial: P): number;
}

/** What a kernel makes of blocks: as immutable, and as cacheable, as the pages it came from. */
export type Partial = AggregatePartial | TopPartial;

/** The kernel a spec describes. Throws `invalid` when the spec's types do not fit its operands. */
export function kernelOf(spec: KernelSpec): Kernel<Partial> {
  const kernel: Kernel<AggregatePartial> | Kernel<TopPartial> =
    spec.kernel === 'aggregate' ? aggregateKernel(spec) : topKernel(spec);
  return kernel as Kernel<Partial>;
}

/** Canonical JSON of a spec, keys sorted: two specs with the same key have the same partials. */
export function kernelKey(spec: KernelSpec): string {
  return canonicalJson(spec);
}

import { ExaError } from '../../../protocol/errors.ts';
import type { BlockInput } from '../../block.ts';
import type { Kernel } from '../../kernel.ts';
import { mergeTree } from '../../tree.ts';
import type { FitSpec } from './fit-spec.ts';

/** The kernel of one pass; `spec`, plain JSON, is all another thread or the store needs to make the same one. */
export interface FitKernel<P> extends Kernel<P> {
  readonly spec: FitSpec;
}

/** One pass over the blocks: a kernel, and what a person reads meanwhile. */
export interface Pass<P = unknown> {
  readonly kernel: FitKernel<P>;
  readonly phase: string;
}

/**
 * A fit: passes asked for one after another, each answered with its merged partial (undefined when no block exists),
 * and at last the model. It holds no rows, so it runs as well over 10^8 rows as over ten.
 */
export type Fit<M> = Generator<Pass, M, unknown>;

/** Asks for one pass from inside a fit. */
export function* onePass<P>(kernel: FitKernel<P>, phase: string): Generator<Pass, P | undefined, unknown> {
  return (yield { kernel, phase } as Pass) as P | undefined;
}

/** The blocks a fit reads. `read` gives undefined for a block that does not exist. */
export interface BlockSource {
  readonly blocks: number;
  read(block: number, signal?: AbortSignal): Promise<BlockInput | undefined>;
}

/** How far a fit is: passes are not known beforehand, blocks of a pass are. */
export interface PassProgress {
  readonly phase: string;
  readonly pass: number;
  readonly block: number;
  readonly blocks: number;
}

/** Runs a fit over blocks at hand, at once. */
export function fitBlocks<M>(fit: Fit<M>, inputs: readonly BlockInput[]): M {
  const byBlock = new Map(inputs.map((input) => [input.block, input]));
  const blocks = inputs.reduce((most, input) => Math.max(most, input.block + 1), 0);
  let next = fit.next();
  while (!next.done) {
    const { kernel } = next.value;
    const partial = mergeTree(kernel, blocks, (node) => {
      const input = node.level === 0 ? byBlock.get(node.index) : undefined;
      return input && kernel.map(input);
    });
    next = fit.next(partial);
  }
  return next.value;
}

/**
 * Runs a fit over blocks read one at a time. A block that cannot be read is asked for once more; then the fit fails
 * and says which. Throws `cancelled` once `signal` is aborted. Nothing is kept of a fit that fails.
 */
export async function runFit<M>(
  fit: Fit<M>,
  source: BlockSource,
  options: { readonly progress?: (at: PassProgress) => void; readonly signal?: AbortSignal } = {},
): Promise<M> {
  const { progress, signal } = options;
  let next = fit.next();
  for (let pass = 1; !next.done; pass++) {
    const { kernel, phase } = next.value;
    const made = new Map<number, unknown>();
    for (let block = 0; block < source.blocks; block++) {
      progress?.({ phase, pass, block, blocks: source.blocks });
      const input = await readTwice(source, block, signal);
      stopIf(signal);
      if (input) made.set(block, kernel.map(input));
    }
    next = fit.next(
      mergeTree(kernel, source.blocks, (node) => (node.level === 0 ? made.get(node.index) : undefined)),
    );
  }
  return next.value;
}

function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new ExaError('cancelled', 'The fit was cancelled.', { cause: signal.reason });
}

async function readTwice(
  source: BlockSource,
  block: number,
  signal?: AbortSignal,
): Promise<BlockInput | undefined> {
  stopIf(signal);
  try {
    return await source.read(block, signal);
  } catch {
    stopIf(signal);
    try {
      return await source.read(block, signal);
    } catch (cause) {
      stopIf(signal);
      throw new ExaError(
        'offline',
        `Block ${block} of ${source.blocks} could not be read, twice: try again when the store answers.`,
        { facts: { block }, cause },
      );
    }
  }
}

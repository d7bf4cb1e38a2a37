import { type Index, resolveSelection } from '../../../src/arrays/selection.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { Progress } from '../chunk-driver.ts';
import { type ArrayFile, type Stage, visibleOf } from './array-file.ts';
import { inOrder } from './level-pages.ts';

/** Copies every written chunk of one array into another's chunks; only what is written is read or made. */
export async function copyInto(
  file: ArrayFile,
  record: ArrayRecord,
  stage: Stage,
  { signal, progress }: Progress,
): Promise<void> {
  const shape = record.shape.map(BigInt);
  const entries = [...file.index.entries()].sort((left, right) => inOrder(left.place, right.place));
  for (const [i, entry] of entries.entries()) {
    const { extent } = visibleOf(record, entry);
    if (extent.includes(0)) continue;
    const indices: Index[] = entry.place.map((at, axis) => {
      const start = BigInt(at) * BigInt(record.chunk[axis]!);
      return { kind: 'slice', start, stop: start + BigInt(extent[axis]!) };
    });
    const selection = resolveSelection(indices, shape);
    const part = await file.read(record, selection, signal);
    await stage.write(selection, part.values, signal);
    progress?.((i + 1) / entries.length);
  }
}

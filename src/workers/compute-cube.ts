import { type CubeBuilder, cubeBuilder } from '../kernels/table/cube-builder.ts';
import { treeArity } from '../protocol/column.ts';
import { cancelled } from '../protocol/errors.ts';
import type { ComputeCalls } from '../protocol/messages.ts';
import { blockInputs, type ColumnMemory } from './column-memory.ts';
import { type Handlers, transferring } from './rpc.ts';
import { storedColumns } from './spec-columns.ts';

/** Cubes begun and not finished that are kept; an abandoned one makes room. */
const maxBuilds = 4;

/** Brushing cubes, built where the decoded columns are. */
export function cubeHandlers(
  memory: ColumnMemory,
  breathe: () => Promise<void>,
): Pick<Handlers<ComputeCalls>, 'cube'> {
  const builds = new Map<string, CubeBuilder>();
  return {
    async cube(ask, { signal }) {
      const loaded = await memory.load(ask.place, ask.pages);
      const columns = Object.assign({}, ...ask.specs.map((spec) => spec.columns));
      const inputs = blockInputs(memory, ask, storedColumns({ columns }), loaded);
      if ('kind' in inputs) return inputs;
      const builder = builds.get(ask.build) ?? cubeBuilder(ask.axis, ask.specs);
      builds.set(ask.build, builder);
      for (const oldest of builds.keys()) {
        if (builds.size <= maxBuilds) break;
        builds.delete(oldest);
      }
      for (const [i, input] of inputs.entries()) {
        if (i % treeArity === treeArity - 1) await breathe();
        if (signal.aborted) {
          builds.delete(ask.build);
          throw cancelled();
        }
        builder.add(input);
      }
      if (!ask.last) return { kind: 'cubes', cubes: [] };
      builds.delete(ask.build);
      const cubes = builder.cubes();
      return transferring({ kind: 'cubes', cubes }, buffersOf(cubes));
    },
  };
}

/** Every buffer inside plain data. */
export function buffersOf(value: unknown, found: Set<ArrayBuffer> = new Set()): ArrayBuffer[] {
  if (ArrayBuffer.isView(value)) {
    if (value.buffer instanceof ArrayBuffer) found.add(value.buffer);
  } else if (typeof value === 'object' && value !== null)
    for (const member of Object.values(value)) buffersOf(member, found);
  return [...found];
}

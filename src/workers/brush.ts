import { encodeColumns } from '../arrow/columns-stream.ts';
import { decodeColumns } from '../arrow/read-columns.ts';
import { compileAggregate } from '../kernels/table/compile.ts';
import type { Cube } from '../kernels/table/cube.ts';
import type { Lookup } from '../kernels/table/lookup.ts';
import { openCube } from '../kernels/table/open-cube.ts';
import type { Brush } from '../protocol/client.ts';
import { ExaError } from '../protocol/errors.ts';
import type { BrushParts } from '../protocol/messages.ts';
import type { BrushRequest } from '../protocol/query.ts';

/** A brush on the page's thread, from cubes built in a compute worker. `slice` costs O(screen). */
export function openBrush(request: BrushRequest, parts: BrushParts): Brush {
  const heads = new Map(parts.heads.map((head) => [head.id, head]));
  const lookups = new Map(
    parts.lookups.map(({ id, bytes }): [string, Lookup] => {
      const { key, attribute } = decodeColumns(bytes);
      if (!key || !attribute) throw new ExaError('broken', 'A brush came without its dimensions.');
      return [id, { key, attribute }];
    }),
  );
  let views = request.questions.map((question, i) => ({
    compiled: compileAggregate(question, (dataset) => heads.get(dataset), lookups),
    cube: openCube(parts.cubes[i] as Cube),
  }));
  return {
    slice: (start, end) =>
      views.map(({ compiled, cube }) => encodeColumns(compiled.finish(cube.slice(start, end), lookups))),
    close() {
      views = [];
    },
  };
}

import { ExaError } from '../protocol/errors.ts';
import { parseProblem } from '../protocol/parse-problem.ts';

/**
 * Follows an activity's NDJSON: `{"done": 0.25}` as it goes on, then `{"result": …}`, which is returned. Throws what
 * `{"problem": …}` says, and `corrupt` when the answer ends without either.
 */
export async function readActivity(
  body: AsyncIterable<Uint8Array>,
  progress?: (done: number) => void,
): Promise<unknown> {
  const decoder = new TextDecoder();
  const pieces: string[] = [];
  const tell = (line: string): { readonly result: unknown } | undefined => {
    if (line === '') return undefined;
    const said = read(line);
    if ('done' in said && typeof said.done === 'number') progress?.(said.done);
    if ('problem' in said) throw parseProblem(statusOf(said.problem), said.problem);
    return 'result' in said ? { result: said.result } : undefined;
  };
  for await (const bytes of body) {
    const lines = decoder.decode(bytes, { stream: true }).split('\n');
    for (const [i, line] of lines.entries()) {
      pieces.push(line);
      if (i === lines.length - 1) break;
      const ended = tell(pieces.splice(0).join(''));
      if (ended) return ended.result;
    }
  }
  const ended = tell(pieces.join(''));
  if (ended) return ended.result;
  throw new ExaError('corrupt', "The store's answer was cut short or damaged.");
}

function read(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new ExaError('corrupt', "The store's answer was cut short or damaged.", { cause });
  }
  throw new ExaError('corrupt', "The store's answer was cut short or damaged.");
}

function statusOf(problem: unknown): number {
  const status =
    typeof problem === 'object' && problem !== null && 'status' in problem ? problem.status : 500;
  return typeof status === 'number' ? status : 500;
}

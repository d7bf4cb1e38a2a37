import type { Judged } from '../../kernels/ml/program/judge-kernel.ts';
import type { ScoreAnswer, ScoreRequest } from '../../protocol/fit.ts';
import { liveRows } from '../gather.ts';
import { type FitRun, isOnline, prepareData } from './run-fit.ts';
import { runPass } from './run-pass.ts';

/** What a fitted model says of a data set: one pass. */
export async function runScore(
  run: Pick<FitRun, 'works' | 'connection' | 'dimensions' | 'shelf' | 'code' | 'signal'>,
  request: ScoreRequest,
): Promise<ScoreAnswer> {
  const { works, shelf, code, signal } = run;
  const online = await isOnline(run, request.dataset);
  const { model } = request;
  const columns = (model.features ?? []).map(({ column, name }) =>
    request.dataset === model.request?.dataset ? column : name,
  );
  const prepared = await prepareData(run, request, columns, online);
  const task = code.compileScore(request, prepared.headOf, prepared.lookups);
  const head = prepared.headOf(request.dataset)!;
  const blocks = head.revisions.map((_, block) => block);
  const answer = await runPass(
    { works, shelf, head, online, tolerant: true, signal, gate: async () => {}, told: () => {} },
    [task],
    blocks,
  );
  return code.scoreAnswer(request, answer.partials[0] as Judged | undefined, {
    version: head.version,
    asOf: head.asOf,
    blocks: answer.blocks.length,
    blocksTotal: blocks.length,
    rows: answer.blocks.reduce((sum, block) => sum + (head.live[block] ?? 0), 0),
    rowsTotal: liveRows(head),
    from: 'here',
    mixed: answer.mixed,
  });
}

import { compileFit, planColumns } from '../../kernels/ml/program/compile-fit.ts';
import { compileScore, scoreAnswer } from '../../kernels/ml/program/compile-score.ts';
import { resultOf } from '../../kernels/ml/program/result.ts';
import { stagesOf } from '../../kernels/ml/program/stages.ts';
import { taskKernel, taskKey } from '../../kernels/ml/program/task-kernel.ts';

/** What the coordinator needs of models: compiled requests, merged partials, results. Fetched with the first fit. */
export const fitCode = {
  compileFit,
  compileScore,
  planColumns,
  resultOf,
  scoreAnswer,
  stagesOf,
  maker: { kernelOf: taskKernel, keyOf: taskKey },
};

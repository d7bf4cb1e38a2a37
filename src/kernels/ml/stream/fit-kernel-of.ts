import { gramKernel } from '../gram/gram-kernel.ts';
import { leftOutKernel } from '../linear/left-out.ts';
import { logisticKernel } from '../linear/logistic-kernel.ts';
import { farthestKernel, meansKernel } from '../means/means-kernel.ts';
import { nearestKernel } from '../neighbours/nearest-kernel.ts';
import { distanceCountsKernel, nearScatterKernel } from '../outliers/distance-kernels.ts';
import { categoriesKernel } from '../preprocessing/categories.ts';
import { momentsKernel } from '../preprocessing/moments.ts';
import { digitsKernel } from '../preprocessing/quantiles.ts';
import { judgeKernel } from '../program/judge-kernel.ts';
import { scoreKernel } from '../selection/score-kernel.ts';
import { countKernel } from './count-kernel.ts';
import type { FitSpec } from './fit-spec.ts';
import type { FitKernel } from './pass.ts';
import { rowSampleKernel } from './row-sample.ts';

/** The kernel a spec describes: how a worker or the store runs a pass that another thread planned. */
export function fitKernelOf(spec: FitSpec): FitKernel<unknown> {
  switch (spec.kernel) {
    case 'gram':
      return gramKernel(spec.reader);
    case 'count':
      return countKernel(spec.reader);
    case 'moments':
      return momentsKernel(spec.reader);
    case 'categories':
      return categoriesKernel(spec);
    case 'digits':
      return digitsKernel(spec);
    case 'logistic':
      return logisticKernel(spec);
    case 'rows':
      return rowSampleKernel(spec);
    case 'means':
      return meansKernel(spec);
    case 'farthest':
      return farthestKernel(spec);
    case 'left-out':
      return leftOutKernel(spec);
    case 'score':
      return scoreKernel(spec);
    case 'distance-counts':
      return distanceCountsKernel(spec);
    case 'near-scatter':
      return nearScatterKernel(spec);
    case 'judge':
      return judgeKernel(spec);
    case 'nearest':
      return nearestKernel(spec);
  }
}

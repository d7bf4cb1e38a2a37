import type { ClassifierPicture, DrawnCurve, DrawnGrid } from '../../../protocol/fit-picture.ts';
import { accuracy, balancedAccuracy, classScores, confusionMatrix } from '../metrics/classification.ts';
import {
  averagePrecision,
  calibrationCurve,
  precisionRecallCurve,
  rocAuc,
  rocCurve,
} from '../metrics/curves.ts';
import { planeOf, pointsOf, stepped, thin } from './draw.ts';
import { classesOf, drawnOf, type Fitted, said, targetOf, termsIn } from './fitted.ts';

const mostPoints = 2000;
const gridSize = 60;
/** Points of a drawn curve at most. */
const curvePoints = 400;

/** Decision regions, and how well it tells classes apart on the rows it is judged by. */
export function classifierPicture(fitted: Fitted): ClassifierPicture {
  const { plan, lists, opened, steps, drawn: all, isHeldOut, used } = fitted;
  const classes = classesOf(plan, lists);
  const x = stepped(all.columns, all.rows, steps);
  const truth = all.target!;
  const predicted = opened.predict(x);
  const confusion = confusionMatrix(truth, predicted, classes);
  const shares = opened.shares?.(x);
  const ranks = shares ?? opened.decide?.(x);
  const { drawn, rows } = thin(all, mostPoints);
  const plane = planeOf(plan, all, gridSize);
  const regions: DrawnGrid | undefined = plane && {
    x: plane.x,
    y: plane.y,
    values: said(fitted, plane.columns, gridSize * gridSize),
  };
  const shown = classes === 2 ? [1] : Array.from({ length: classes }, (_, c) => c);
  const width = ranks ? ranks.length / all.rows : 0;
  const ofClass = (values: Float64Array, c: number) =>
    Float64Array.from({ length: all.rows }, (_, i) => values[width === 1 ? i : i * width + c]!);
  const isClass = (c: number) => Int32Array.from(truth, (code) => (code === c ? 1 : 0));
  const seen = shown.every((c) => truth.includes(c) && truth.some((code) => code !== c));
  const curves = ranks && seen && shown.length <= 12;
  return {
    kind: 'classifier',
    ...drawnOf(fitted),
    target: targetOf(fitted),
    classes: lists.get(plan.target!.name)!,
    points: pointsOf(drawn),
    truth: Float64Array.from(rows, (row) => truth[row]!),
    predicted: Float64Array.from(rows, (row) => predicted[row]!),
    ...(regions && { regions }),
    confusion,
    perClass: classScores(confusion),
    accuracy: accuracy(confusion),
    balancedAccuracy: balancedAccuracy(confusion),
    ...(curves && {
      roc: shown.map((c) => rocOf(isClass(c), ofClass(ranks, c))),
      precisionRecall: shown.map((c) => precisionOf(isClass(c), ofClass(ranks, c))),
    }),
    ...(shares &&
      seen && {
        calibration: shown.map((c) => {
          const { probPred, probTrue, counts } = calibrationCurve(isClass(c), ofClass(shares, c), 10);
          return {
            said: Float64Array.from(probPred),
            true: Float64Array.from(probTrue),
            rows: Float64Array.from(counts),
          };
        }),
      }),
    ...(opened.importances && { importances: { terms: termsIn(fitted), values: opened.importances } }),
    trained: used,
    heldOut: isHeldOut,
    judged: all.rows,
  };
}

function rocOf(truth: Int32Array, scores: Float64Array): DrawnCurve {
  const { fpr, tpr } = rocCurve(truth, scores);
  return { ...thinned(fpr, tpr), area: rocAuc(truth, scores) };
}

function precisionOf(truth: Int32Array, scores: Float64Array): DrawnCurve {
  const { precision, recall } = precisionRecallCurve(truth, scores);
  return { ...thinned(recall, precision), area: averagePrecision(truth, scores) };
}

/** First, last and evenly spread points between. */
function thinned(x: readonly number[], y: readonly number[]): { x: Float64Array; y: Float64Array } {
  const count = Math.min(curvePoints, x.length);
  const at = Int32Array.from({ length: count }, (_, i) =>
    count === 1 ? 0 : Math.round((i * (x.length - 1)) / (count - 1)),
  );
  return { x: Float64Array.from(at, (i) => x[i]!), y: Float64Array.from(at, (i) => y[i]!) };
}

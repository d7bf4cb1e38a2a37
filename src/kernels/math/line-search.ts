/** A step along a direction with the value and the slope there. */
interface Trial {
  readonly step: number;
  readonly value: number;
  readonly slope: number;
}

const sufficientDecrease = 1e-3;
const curvature = 0.9;
const shortestInterval = 0.1;

/** The cubic through two trials: θ and γ of Moré and Thuente's formulas. */
function cubic(a: Trial, b: Trial): { theta: number; root: number } {
  const theta = (3 * (a.value - b.value)) / (b.step - a.step) + a.slope + b.slope;
  const s = Math.max(Math.abs(theta), Math.abs(a.slope), Math.abs(b.slope));
  const square = (theta / s) * (theta / s) - (a.slope / s) * (b.slope / s);
  return { theta, root: s * Math.sqrt(Math.max(0, square)) };
}

/** The next trial step: one of the four cases of Moré and Thuente's section 4. */
function safeguarded(
  x: Trial,
  y: Trial,
  t: Trial,
  bracketed: boolean,
  low: number,
  top: number,
): { step: number; bracketed: boolean } {
  const turned = t.slope * (x.slope / Math.abs(x.slope)) < 0;
  const secant = t.step + (t.slope / (t.slope - x.slope)) * (x.step - t.step);
  if (t.value > x.value) {
    const { theta, root } = cubic(x, t);
    const gamma = t.step < x.step ? -root : root;
    const r = (gamma - x.slope + theta) / (gamma - x.slope + gamma + t.slope);
    const c = x.step + r * (t.step - x.step);
    const q =
      x.step + (x.slope / ((x.value - t.value) / (t.step - x.step) + x.slope) / 2) * (t.step - x.step);
    return { step: Math.abs(c - x.step) < Math.abs(q - x.step) ? c : c + (q - c) / 2, bracketed: true };
  }
  if (turned) {
    const { theta, root } = cubic(x, t);
    const gamma = t.step > x.step ? -root : root;
    const r = (gamma - t.slope + theta) / (gamma - t.slope + gamma + x.slope);
    const c = t.step + r * (x.step - t.step);
    return { step: Math.abs(c - t.step) > Math.abs(secant - t.step) ? c : secant, bracketed: true };
  }
  if (Math.abs(t.slope) < Math.abs(x.slope)) {
    const { theta, root } = cubic(x, t);
    const gamma = t.step > x.step ? -root : root;
    const r = (gamma - t.slope + theta) / (gamma + (x.slope - t.slope) + gamma);
    const end = t.step > x.step ? top : low;
    const c = r < 0 && gamma !== 0 ? t.step + r * (x.step - t.step) : end;
    const nearer = Math.abs(c - t.step) < Math.abs(secant - t.step);
    if (!bracketed) return { step: Math.max(low, Math.min(top, nearer ? secant : c)), bracketed };
    const bound = t.step + 0.66 * (y.step - t.step);
    const step = nearer ? c : secant;
    return { step: t.step > x.step ? Math.min(bound, step) : Math.max(bound, step), bracketed };
  }
  if (!bracketed) return { step: t.step > x.step ? top : low, bracketed };
  const { theta, root } = cubic(y, t);
  const gamma = t.step > y.step ? -root : root;
  const r = (gamma - t.slope + theta) / (gamma - t.slope + gamma + y.slope);
  return { step: t.step + r * (y.step - t.step), bracketed };
}

/**
 * Line search of Moré and Thuente (1994) for sufficient decrease (1e-3) and curvature (0.9), interval tolerance 0.1:
 * yields steps, is answered with value and slope there, and returns whether the last one will do. At most 20 trials.
 */
export function* lineSearch(
  value: number,
  slope: number,
  first: number,
  longest: number,
): Generator<number, boolean, { value: number; slope: number }> {
  const wanted = sufficientDecrease * slope;
  let x: Trial = { step: 0, value, slope };
  let y = x;
  let step = first;
  let [low, top] = [0, 5 * step];
  let [width, before] = [longest, 2 * longest];
  let bracketed = false;
  let second = false;
  for (let trial = 0; trial < 20; trial++) {
    const at = yield step;
    const t: Trial = { step, ...at };
    const line = value + step * wanted;
    if (!second && t.value <= line && t.slope >= 0) second = true;
    const stuck =
      (bracketed && (step <= low || step >= top || top - low <= shortestInterval * top)) ||
      (step === longest && t.value <= line && t.slope <= wanted);
    if (stuck || (t.value <= line && Math.abs(t.slope) <= curvature * -slope)) return true;
    const tilted = !second && t.value <= x.value && t.value > line;
    const tilt = (trialAt: Trial): Trial => ({
      step: trialAt.step,
      value: trialAt.value - trialAt.step * wanted,
      slope: trialAt.slope - wanted,
    });
    const [tx, ty, tt] = tilted ? [tilt(x), tilt(y), tilt(t)] : [x, y, t];
    const next = safeguarded(tx, ty, tt, bracketed, low, top);
    if (tt.value > tx.value) y = t;
    else {
      if (tt.slope * (tx.slope / Math.abs(tx.slope)) < 0) y = x;
      x = t;
    }
    bracketed = next.bracketed;
    step = next.step;
    if (bracketed) {
      if (Math.abs(y.step - x.step) >= 0.66 * before) step = x.step + 0.5 * (y.step - x.step);
      before = width;
      width = Math.abs(y.step - x.step);
      low = Math.min(x.step, y.step);
      top = Math.max(x.step, y.step);
    } else {
      low = step + 1.1 * (step - x.step);
      top = step + 4 * (step - x.step);
    }
    step = Math.max(0, Math.min(longest, step));
    if (bracketed && (step <= low || step >= top || top - low <= shortestInterval * top)) step = x.step;
  }
  return false;
}

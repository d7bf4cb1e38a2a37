// What the plots of docs/models.md are made of: data from fixed seeds, and the fits of the Model view.

/** Uniform numbers in [0, 1) from a seed. */
function uniform(seed) {
  let at = seed >>> 0;
  return () => {
    at = (Math.imul(at, 1_664_525) + 1_013_904_223) >>> 0;
    return at / 2 ** 32;
  };
}

/** Standard normal numbers from a seed (Box and Muller). */
function normal(seed) {
  const random = uniform(seed);
  return () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function csvOf(header, rows) {
  return `${header.join(',')}\n${rows.map((row) => row.map((value) => value.toFixed(4)).join(',')).join('\n')}\n`;
}

/** Two round clouds and a fifth of rows strewn anywhere: what scikit-learn's examples of outlier detection begin with. */
function clouds() {
  const gauss = normal(5);
  const random = uniform(11);
  const rows = Array.from({ length: 260 }, (_, i) => {
    const middle = i % 2 === 0 ? 2 : -2;
    return [middle + 0.45 * gauss(), middle + 0.45 * gauss()];
  });
  for (let i = 0; i < 40; i++) rows.push([12 * random() - 6, 12 * random() - 6]);
  return csvOf(['x', 'y'], rows);
}

/** Ten measured things, of which five make the outcome, two of them alike. */
function drivers() {
  const gauss = normal(3);
  const weights = [42, 0, 25, -18, 0, 9, 0, 0, -33, 4];
  const rows = Array.from({ length: 400 }, () => {
    const x = weights.map(() => gauss());
    x[8] = 0.7 * x[0] + 0.7 * x[8];
    const y = x.reduce((sum, value, j) => sum + weights[j] * value, 150) + 30 * gauss();
    return [...x, y];
  });
  return csvOf(
    ['bmi', 'age', 'pressure', 'hdl', 'sugar', 'ltg', 'tch', 'ldl', 'sex', 'sleep', 'progression'],
    rows,
  );
}

/** f(x) = x sin x seen in fourteen places with noise: what scikit-learn's example of Gaussian processes predicts. */
function waves() {
  const gauss = normal(8);
  const random = uniform(2);
  const rows = Array.from({ length: 14 }, () => {
    const x = 10 * random();
    return [x, x * Math.sin(x) + 0.7 * gauss()];
  });
  return csvOf(['x', 'f'], rows);
}

const scaled = [{ method: 'StandardScaler' }];

/** Name of the picture, the data and the fit. */
export const modelPictures = [
  {
    name: 'plot-outliers',
    dataset: 'Clouds',
    csv: clouds(),
    tag: 'exa-outliers',
    fit: { method: 'OneClassSVM', params: { nu: 0.16, gamma: 1.6 }, features: ['c1', 'c2'], steps: scaled },
    state: { table: false },
  },
  {
    name: 'plot-lasso-path',
    dataset: 'Drivers',
    csv: drivers(),
    tag: 'exa-lasso-path',
    fit: {
      method: 'LassoCV',
      features: ['c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c9', 'c10'],
      target: 'c11',
      steps: scaled,
    },
    state: { table: false },
  },
  {
    name: 'plot-gp',
    dataset: 'Waves',
    csv: waves(),
    tag: 'exa-gp',
    fit: {
      method: 'GaussianProcessRegressor',
      params: { kernel: '1*RBF(1) + White(1)', normalize_y: true },
      features: ['c1'],
      target: 'c2',
    },
    state: { table: false, samples: false },
  },
];

import { address, clients, fitted, open, type Stage, type Subject, test } from './models-stage.ts';

// Every gadget on every data set takes minutes: what each shows is in models.spec; this is that none of the pairs fails.
test.skip(process.env.EXANALYTICS_LONG !== '1', 'EXANALYTICS_LONG=1 opens every gadget on every data set');

/** What of a data set each kind of gadget is given, by the columns' names. */
interface Roles {
  readonly subject: Subject | undefined;
  readonly numbers: readonly string[];
  readonly target: string;
  readonly along: string;
  readonly classes?: string;
}

function rolesOf({ subjects }: Stage): readonly Roles[] {
  return [
    {
      subject: subjects.retail,
      numbers: ['Quantity', 'CustomerID'],
      target: 'UnitPrice',
      along: 'InvoiceDate',
      classes: 'Country',
    },
    {
      subject: subjects.kdd,
      numbers: ['count', 'srv_count', 'dst_host_count', 'serror_rate'],
      target: 'dst_host_srv_count',
      along: 'count',
      classes: 'protocol_type',
    },
    {
      subject: subjects.eeg,
      numbers: ['AF3', 'F7', 'T7', 'O1', 'O2'],
      target: 'P8',
      along: 'AF3',
      classes: 'eyeDetection',
    },
    { subject: subjects.taxi, numbers: ['timestamp'], target: 'value', along: 'timestamp' },
    {
      subject: clients,
      numbers: ['points', 'created'],
      target: 'credit_limit',
      along: 'created',
      classes: 'segment',
    },
  ];
}

const scaled = [{ method: 'StandardScaler' }];

type Case = readonly [tag: string, fit: object, says: RegExp];

/** The gadgets a data set has the columns for. */
function casesOf({ numbers, target, along, classes }: Roles, { ref }: Subject): readonly Case[] {
  const features = numbers.map(ref);
  const both = [...features, ref(target)];
  const predicts = { features, target: ref(target), steps: scaled };
  const search = { folds: 3, sizes: [0.5, 1] };
  const chosen: readonly Case[] =
    classes === undefined
      ? [
          [
            'exa-model-selection',
            { method: 'Ridge', ...predicts, rows: 600, search: { ...search, grid: { alpha: [0.1, 10] } } },
            /Best.*alpha = /s,
          ],
        ]
      : [
          [
            'exa-classifier',
            { method: 'LogisticRegression', features, target: ref(classes), steps: scaled },
            /Accuracy/,
          ],
          [
            'exa-model-selection',
            {
              method: 'KNeighborsClassifier',
              features,
              target: ref(classes),
              steps: scaled,
              rows: 600,
              search: { ...search, grid: { n_neighbors: [1, 5] } },
            },
            /Best.*n_neighbors = /s,
          ],
        ];
  return [
    ['exa-outliers', { method: 'IsolationForest', features: both.slice(-2) }, /Outliers.*Farthest out/s],
    [
      'exa-clusters',
      { method: 'KMeans', params: { n_clusters: 3 }, features: both, steps: scaled },
      /Inertia/,
    ],
    ['exa-pca', { method: 'PCA', features: both, steps: scaled }, /First two explain/],
    [
      'exa-gp',
      {
        method: 'GaussianProcessRegressor',
        features: [ref(along)],
        target: ref(target),
        params: { normalize_y: true, kernel: '1*RBF(1) + White(1)' },
        steps: scaled,
        rows: 150,
      },
      /RBF\(length_scale=/,
    ],
    ['exa-lasso-path', { method: 'LassoCV', ...predicts }, /Terms kept/],
    ['exa-regression', { method: 'Ridge', ...predicts }, /R².*Mean error/s],
    ...chosen,
  ];
}

test('every gadget opens on every data set that has the columns for it, online and offline', async ({
  page,
  stage,
}) => {
  test.setTimeout(1_800_000);
  const all = rolesOf(stage).flatMap((roles) => {
    const { subject } = roles;
    return subject ? casesOf(roles, subject).map((one) => [subject, ...one] as const) : [];
  });
  const openAll = async (where: string): Promise<void> => {
    for (const [subject, tag, fit, says] of all)
      await test.step(`${tag} on ${subject.dataset}, ${where}`, async () => {
        await open(page, address(stage, subject, fit));
        await fitted(page.locator(tag), says);
      });
  };
  await openAll('online');
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await stage.store.stop();
  await openAll('offline');
  await stage.store.start();
});

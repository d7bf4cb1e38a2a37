import { ExaError } from '../../src/protocol/errors.ts';
import type { DatasetSummary } from '../../src/protocol/head.ts';
import { parseDatasetList } from '../../src/protocol/parse-head.ts';
import { readOptions } from './options.ts';
import { UsageError } from './print.ts';

/** `exanalytics datasets [--store URL]`: a line a data set. */
export async function datasetsCommand(
  args: readonly string[],
  {
    print = console.log,
    fetch = globalThis.fetch,
  }: { print?: (line: string) => void; fetch?: typeof globalThis.fetch } = {},
): Promise<number> {
  const options = readOptions(args, { store: { type: 'string' }, json: { type: 'boolean' } });
  if (options.rest.length > 0)
    throw new UsageError('exanalytics datasets takes only --store URL and --json.');
  const store = options.text('store') ?? 'http://127.0.0.1:8090';
  const url = readUrl(store);
  const answer = await fetch(new URL('/api/datasets', url)).catch((cause: unknown) => {
    throw new ExaError(
      'offline',
      `No store answers at ${store}: start it with npm start, or give --store URL.`,
      {
        cause,
      },
    );
  });
  if (!answer.ok)
    throw new ExaError('offline', `${store} answered ${answer.status}, not a list of data sets.`);
  const list = parseDatasetList(await answer.json(), 'datasets');
  if (options.flag('json')) print(JSON.stringify(list.datasets, null, 2));
  else if (list.datasets.length === 0)
    print('There are no data sets yet: exanalytics import FILE --as NAME.');
  else for (const line of linesOf(list.datasets)) print(line);
  return 0;
}

function readUrl(text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw new UsageError(`--store must be an address such as http://127.0.0.1:8090; “${text}” is none.`);
  }
}

function linesOf(datasets: readonly DatasetSummary[]): string[] {
  const rows = datasets.map((one) => [
    one.name,
    `${String(one.rows).replace(/\B(?=(\d{3})+$)/g, ',')} rows`,
    one.profile.part,
    `version ${one.version}`,
    one.asOf,
  ]);
  const widths = rows[0]!.map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd(),
  );
}

import type { ColumnType } from '../../../src/protocol/column.ts';
import { toWireError } from '../../../src/protocol/errors.ts';
import type { TableDriver } from '../table-driver.ts';
import { batchOf, createDataset, profileOf, writeOf } from './driver.testing.ts';
import { duckdbDriver } from './duckdb-driver.ts';

/**
 * A process that writes to `argv[2]` from write number `argv[3]` on until it is killed, and says on its output what was
 * acknowledged: `write N VERSION` (three rows of that number, and the shared row set to it), `import NAME`. A failure
 * is said as `failed TAG MESSAGE`, and ends it.
 */
const int64: ColumnType = { kind: 'int64' };
const text: ColumnType = { kind: 'text' };
export const rowsOfImport = 6000;
export const partsOfWrite = 3;

async function main(file: string, first: number): Promise<void> {
  const driver = await duckdbDriver({ file, threads: 1 });
  if (!driver.datasets().some(({ id }) => id === 'log'))
    await createDataset(driver, 'log', { write: int64, part: int64, value: int64, note: text }, [
      'write',
      'part',
    ]);
  say('open');
  let next = first;
  const writers = Array.from({ length: 4 }, async () => {
    for (;;) {
      const n = next++;
      const { version } = await driver.write(numbered(n));
      say(`write ${n} ${version}`);
    }
  });
  const importing = (async () => {
    for (let k = first; ; k++) {
      await importOne(driver, `import-${k}`);
      say(`import import-${k}`);
    }
  })();
  await Promise.all([...writers, importing]);
}

/** Write `n`, the same however often it is made. */
export function numbered(n: number): ReturnType<typeof writeOf> {
  const parts = Array.from({ length: partsOfWrite }, (_, i) => i);
  const batch = batchOf({
    write: [int64, [-1, ...parts.map(() => n)]],
    part: [int64, [0, ...parts]],
    value: [int64, [n, ...parts.map(() => n)]],
    note: [text, ['shared', ...parts.map((part) => `part ${part} of write number ${n}`)]],
  });
  return writeOf('log', { kind: 'upsert', batch }, `write-${n}`);
}

async function importOne(driver: TableDriver, name: string): Promise<void> {
  const session = await driver.beginImport({
    name,
    mode: 'create',
    columns: [
      { name: 'id', type: int64 },
      { name: 'note', type: text },
    ],
    profile: profileOf(['id']),
  });
  for (let part = 0; part < 3; part++) {
    const ids = Array.from({ length: rowsOfImport / 3 }, (_, i) => (part * rowsOfImport) / 3 + i);
    await session.append(batchOf({ id: [int64, ids], note: [text, ids.map((id) => `row number ${id}`)] }));
  }
  await session.commit();
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

const [, script, file, first] = process.argv;
if (script?.includes('crash-child') && file)
  main(file, Number(first)).catch((error) => {
    const { tag, message } = toWireError(error);
    say(`failed ${tag} ${message}`);
    process.exit(3);
  });

import { parseSelection } from '../../../src/arrays/parse-selection.ts';
import { openArrays } from './chunks.testing.ts';

/** Elements each write assigns, spread over several chunks. */
export const perWrite = 40;

/**
 * Writes until it is killed: write `n` sets every element to `n`, in one commit; each is said on standard output once it is
 * acknowledged. Now and then an import is begun and left, an array is appended to, a checkpoint is made.
 */
async function writeForever(directory: string): Promise<void> {
  const { driver } = await openArrays(directory);
  if (!driver.heads().some(({ id }) => id === 'log')) {
    await driver.create(
      { name: 'log', shape: [BigInt(perWrite)], dtype: 'float64', chunk: [7] },
      { fingerprint: '' },
    );
    await driver.create({ name: 'grow', shape: [0n], dtype: 'float64', chunk: [5] }, { fingerprint: '' });
  }
  const last = (await driver.read('log', parseSelection('0'))).values[0]! as number;
  const append = (n: number) =>
    driver.append(
      'grow',
      { dtype: 'float64', shape: [3], order: 'C', values: Float64Array.of(n, n, n) },
      { key: `a${n}`, fingerprint: '' },
    );
  // The kill may have come between the two writes: sent again, it is done once.
  if (last > 0) await append(last);
  for (let n = last + 1; ; n++) {
    const { version } = await driver.write('log', [], 'float64', Float64Array.of(n), {
      key: `w${n}`,
      fingerprint: '',
    });
    await append(n);
    process.stdout.write(`write ${n} ${version}\n`);
    if (n % 5 === 0) {
      const session = await driver.beginImport({
        name: `import ${n}`,
        shape: [100n],
        dtype: 'int8',
        chunk: [10],
      });
      await session.write([], new Int8Array(100).fill(1));
      if (n % 10 === 0) {
        const { array } = await session.commit();
        process.stdout.write(`import ${array} ${n}\n`);
      }
    }
    if (n % 7 === 0) await driver.checkpoint('log');
  }
}

const directory = process.argv[2];
if (directory !== undefined && process.argv[1]?.includes('crash-child'))
  writeForever(directory).catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });

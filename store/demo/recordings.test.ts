import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readRecordings } from './recordings.ts';

it('reads what is there, and does without what is not or is wrong', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'exa-recordings-'));
  const put = async (file: string, text: string): Promise<void> => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), gzipSync(text));
  };
  try {
    expect(await readRecordings(folder)).toEqual([undefined, undefined]);
    await put(
      'nab/data/realKnownCause/machine_temperature_system_failure.csv.gz',
      'timestamp,value\na,1.5\nb,2\nc,3\n',
    );
    await put(
      'nab/data/realKnownCause/cpu_utilization_asg_misconfiguration.csv.gz',
      'timestamp,value\na,7\nb,8\n',
    );
    await put('eeg-eye-state/eeg_eye_state.csv.gz', 'AF3,O2\n4000,4100\n4001,oops\n');
    const [machine, eeg] = await readRecordings(folder);
    expect([...machine!]).toEqual([1.5, 7, 2, 8, 3, Number.NaN]);
    expect(eeg).toBeUndefined();
    await writeFile(join(folder, 'eeg-eye-state/eeg_eye_state.csv.gz'), 'no gzip');
    expect((await readRecordings(folder))[1]).toBeUndefined();
  } finally {
    await rm(folder, { recursive: true });
  }
});

import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rename, rm, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const place = 'EXANALYTICS_MADE_DEMO';

/** Playwright's global set-up: a folder for this run's demo, taken away at its end. */
export default async function makePlace(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'exanalytics-demo-'));
  process.env[place] = folder;
  return () => rm(folder, { recursive: true, force: true });
}

/**
 * Copies the data of the small demo to `dataDir`. `make` fills an empty folder and leaves it closed: whoever asks first
 * makes it, the others of this run wait.
 */
export async function copyDemo(dataDir: string, make: (dataDir: string) => Promise<void>): Promise<void> {
  const folder = process.env[place];
  if (folder === undefined) return;
  const made = join(folder, 'made');
  const making = join(folder, 'making');
  while (!existsSync(made)) {
    const isFirst = await mkdir(making).then(
      () => true,
      () => false,
    );
    if (!isFirst) await new Promise((resolve) => setTimeout(resolve, 50));
    else if (!existsSync(made))
      try {
        await make(join(making, 'data'));
        await rename(join(making, 'data'), made);
      } finally {
        await rm(making, { recursive: true, force: true });
      }
    else await rmdir(making);
  }
  await cp(made, dataDir, { recursive: true });
}

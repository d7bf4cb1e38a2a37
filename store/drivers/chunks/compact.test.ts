import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { valuesOf } from '../../../src/arrays/dtype.ts';
import { decodeElements } from '../../../src/arrow/elements-page.ts';
import { freshKey, get, openArrays, put } from './chunks.testing.ts';

it('keeps a journal near the size of what is live; readers, revisions and reopening notice nothing', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'exanalytics-compact-'));
  try {
    let arrays = await openArrays(directory, { compactBytes: 4096 });
    const { driver } = arrays;
    const { array: id } = await driver.create(
      { name: 'x', shape: [400n], dtype: 'float64', chunk: [40] },
      freshKey(),
    );
    await put(driver, id, ':', 0);
    const { epoch } = driver.head(id);
    const chunks = Array.from({ length: 10 }, (_, i) => [i]);
    const seen: number[] = [];
    const reading = (async () => {
      for await (const { body } of driver.batch(id, { epoch, items: [{ level: 0, chunks }] })) {
        const { dtype, bytes } = decodeElements(body);
        seen.push(Number(valuesOf(dtype, bytes)[0]));
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    })().catch((error: unknown) => error);
    for (let n = 1; n <= 60; n++) await put(driver, id, `${(n % 5) * 40}:${(n % 5) * 40 + 40}`, n);
    // A batch begun before is answered as of its version for as long as that is held, and never with anything else.
    const failed = await reading;
    if (failed !== undefined) expect(failed).toMatchObject({ tag: 'gone' });
    expect(new Set(seen)).toEqual(new Set([0]));
    const [folder] = await readdir(join(directory, 'arrays'));
    const path = join(directory, 'arrays', folder!);
    await expect
      .poll(async () => (await readdir(path)).join(), { timeout: 10_000 })
      .toMatch(/^journal-[1-9]\d*$/);
    expect((await stat(join(path, (await readdir(path))[0]!))).size).toBeLessThan(20_000);
    const expected = [...(await get(driver, id, '::40'))];
    expect(expected).toEqual([60, 56, 57, 58, 59, 0, 0, 0, 0, 0]);
    const revisions: number[] = [];
    for await (const part of driver.batch(id, { epoch, items: [{ level: 0, chunks }] }))
      revisions.push(part.revision);
    await arrays.close();
    arrays = await openArrays(directory);
    expect([...(await get(arrays.driver, id, '::40'))]).toEqual(expected);
    const again: number[] = [];
    for await (const part of arrays.driver.batch(id, { epoch, items: [{ level: 0, chunks }] }))
      again.push(part.revision);
    expect(again).toEqual(revisions);
    await arrays.close();
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenStore, openStore } from '../open-store.ts';
import { checkAccess } from './access-file.ts';

/** A store with the accounts of an access file's JSON. */
export async function storeWith(
  access: unknown,
  more: Partial<Parameters<typeof openStore>[0]> = {},
): Promise<OpenStore & { end(): Promise<void> }> {
  const data = await mkdtemp(join(tmpdir(), 'exanalytics-access-'));
  const store = await openStore({
    data,
    release: '0.0.0-test',
    warn: (sentence) => console.error(sentence),
    access: checkAccess(access),
    ...more,
  });
  return {
    ...store,
    async end() {
      await store.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}

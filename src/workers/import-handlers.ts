import { linksTo, profileByNames } from '../import/known-profile.ts';
import { blobSource } from '../import/source.ts';
import { importStore } from '../import/store-session.ts';
import type { TypedBatch } from '../import/typed-batch.ts';
import { publicAccount } from '../protocol/account.ts';
import { ExaError } from '../protocol/errors.ts';
import type { Head } from '../protocol/head.ts';
import type { ImportDone, ImportPlan } from '../protocol/import.ts';
import type { ImportRequest } from '../protocol/import-columns.ts';
import type { ImportCalls } from '../protocol/import-messages.ts';
import { isLocal } from '../protocol/local.ts';
import type { Profile } from '../protocol/profile.ts';
import { randomKey } from '../protocol/random-key.ts';
import { httpStore } from '../storage/http-store.ts';
import type { LocalStore } from '../storage/local-store.ts';
import type { StoreClient } from '../storage/store-client.ts';
import { differenceOf } from './import-difference.ts';
import { type ImportFile, type Inspected, importFile, type Reading } from './import-file.ts';
import type { Handlers } from './rpc.ts';

/** Effects of {@link importHandlers}. */
export interface ImportParts {
  /** The data sets of this browser; throws where it keeps none. */
  readonly openLocal: (account: string) => LocalStore;
  readonly fetch?: typeof globalThis.fetch;
}

/** What an import worker answers with: one file, looked at and stored. */
export function importHandlers({ openLocal, fetch: plainFetch }: ImportParts): Handlers<ImportCalls> {
  let opened: { readonly file: ImportFile; readonly storeUrl: string; readonly account: string } | undefined;
  let fetch = plainFetch;
  let local: LocalStore | undefined;

  const file = (): ImportFile => {
    if (!opened) throw new ExaError('broken', 'No file was opened.');
    return opened.file;
  };
  const storeOf = (plan: ImportPlan): StoreClient => {
    if (plan.place === 'store') return httpStore(opened?.storeUrl ?? '', { fetch });
    local ??= openLocal(opened?.account ?? publicAccount);
    return local;
  };
  const target = async (plan: ImportPlan, signal: AbortSignal): Promise<Head | undefined> =>
    plan.mode === 'create' || plan.dataset === undefined
      ? undefined
      : await storeOf(plan).head(plan.dataset, { signal });

  /** The file as it goes into `head`: of the types stored there, where rows are added to it. */
  const inspectFor = async (
    plan: ImportPlan,
    head: Head | undefined,
    reading: Reading,
  ): Promise<Inspected> => {
    const isMerge = head !== undefined && (plan.mode === 'append' || plan.mode === 'upsert');
    const stored = isMerge ? Object.fromEntries(head.columns.map(({ name, type }) => [name, type])) : {};
    const inspected = await file().inspect(plan.decisions, reading, stored);
    const [doubt] = inspected.inspection.doubts;
    if (doubt)
      throw new ExaError('invalid', doubt.message, {
        facts: { doubt: doubt.kind, column: doubt.column, row: doubt.row, value: doubt.value },
      });
    return inspected;
  };

  return {
    open({ file: blob, name, storeUrl, account, token }) {
      opened = { file: importFile(blobSource(name, blob)), storeUrl, account };
      if (token !== undefined) fetch = signed(token, plainFetch);
      return undefined;
    },

    preview: ({ decisions }, { signal, next }) => file().preview(decisions, { signal, progress: next }),

    async difference({ plan }, { signal, next }) {
      const reading = { signal, progress: next };
      const head = await target(plan, signal);
      if (!head) throw new ExaError('missing', `There is no data set called ${plan.name} to compare with.`);
      const inspected = await inspectFor(plan, head, reading);
      const batches = file().batches(inspected, plan.decisions, reading);
      return differenceOf(storeOf(plan), head, plan, inspected.inspection, batches, reading);
    },

    async store({ plan }, { signal, next }): Promise<ImportDone> {
      const reading = { signal, progress: next };
      const store = storeOf(plan);
      const head = await target(plan, signal);
      const inspected = await inspectFor(plan, head, reading);
      const heads = await otherHeads(store, plan, signal);
      const profile = file().profile(inspected, { ...plan.decisions, name: plan.name }, heads);
      const request: ImportRequest = {
        name: head?.name ?? plan.name,
        mode: plan.mode,
        columns: inspected.inspection.columns.map(({ name, type }) => ({ name, type })),
        profile: keptMeaning(head, profile, plan, inspected.inspection.columns),
      };
      const notes = { skipped: 0, padded: 0 };
      const rowsTotal = inspected.inspection.rows;
      const told = (rows: number) => next({ phase: 'store', rows, rowsTotal });
      told(0);
      const batches = file().batches(inspected, plan.decisions, reading, notes);
      const done =
        plan.place === 'store'
          ? await importStore(opened!.storeUrl, { fetch, signal }).run(request, batches, told)
          : await storeHere(store as LocalStore, request, batches, signal, told);
      if (plan.mode === 'create')
        await linkOthers(store, done.dataset, plan.name, inspected, profile, heads).catch(() => {});
      const stored = await store.head(done.dataset).catch(() => undefined);
      return { ...done, skipped: notes.skipped, part: stored?.profile.part ?? request.profile.part };
    },
  };
}

/** Requests of a file's own import carry the token its page had when it was opened. */
function signed(
  token: string,
  fetch: typeof globalThis.fetch = (input, init) => globalThis.fetch(input, init),
): typeof globalThis.fetch {
  return (input, init) => {
    const headers = new Headers(init?.headers);
    headers.set('authorization', `Bearer ${token}`);
    return fetch(input, { ...init, headers });
  };
}

function storeHere(
  store: LocalStore,
  request: ImportRequest,
  batches: AsyncIterable<TypedBatch>,
  signal: AbortSignal,
  kept: (rows: number) => void,
): ReturnType<LocalStore['importRows']> {
  return store.importRows(request, batches, { signal, kept });
}

/** Heads of the data sets of the same place: those that links may reach. */
async function otherHeads(store: StoreClient, plan: ImportPlan, signal: AbortSignal): Promise<Head[]> {
  const { datasets } = await store.datasets({ signal });
  const alike = datasets.filter(({ id }) => isLocal(id) === (plan.place === 'here'));
  return Promise.all(alike.map(({ id }) => store.head(id, { signal })));
}

/**
 * What a table meant before goes on standing where the new file has the columns it names; what a person chose here
 * wins.
 */
function keptMeaning(
  head: Head | undefined,
  guessed: Profile,
  { decisions }: ImportPlan,
  columns: readonly { readonly name: string }[],
): Profile {
  if (!head || decisions.roles || decisions.part) return guessed;
  const kept = profileByNames(head, columns);
  return kept ? { ...kept, ...(decisions.keys ? { keys: decisions.keys } : {}) } : guessed;
}

async function linkOthers(
  store: StoreClient,
  dataset: string,
  name: string,
  { inspection: { columns } }: Inspected,
  { keys }: Profile,
  heads: readonly Head[],
): Promise<void> {
  for (const { head, profile } of linksTo({ id: dataset, name, columns, keys }, heads))
    await store.write({ kind: 'profile', dataset: head.id, profile }, randomKey());
}

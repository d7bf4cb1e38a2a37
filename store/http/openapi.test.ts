import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type TestStore, testStore } from './store.testing.ts';

let store: TestStore;
let document: OpenApi;
beforeAll(async () => {
  store = await testStore();
  document = (await store.app.inject('/api/openapi.json')).json();
});
afterAll(() => store.close());

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly parameters?: readonly { readonly name: string; readonly in: string }[];
  readonly requestBody?: { readonly content: object };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

interface OpenApi {
  readonly openapi: string;
  readonly info: { readonly title: string; readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> };
}

const addresses: Readonly<Record<string, readonly string[]>> = {
  '/api/health': ['get'],
  '/api/datasets': ['get'],
  '/api/datasets/{id}': ['delete'],
  '/api/datasets/{id}/head': ['get'],
  '/api/datasets/{id}/rows': ['post'],
  '/api/datasets/{id}/profile': ['put'],
  '/api/batch': ['post'],
  '/api/pages/{dataset}/{epoch}/{scope}/{level}/{block}/{column}/{revision}': ['get'],
  '/api/query': ['post'],
  '/api/fits': ['post'],
  '/api/imports': ['post'],
  '/api/imports/{id}': ['delete'],
  '/api/imports/{id}/batches/{n}': ['post'],
  '/api/imports/{id}/commit': ['post'],
  '/api/changes': ['get'],
  '/api/session': ['get'],
  '/api/start': ['get'],
  '/api/views': ['get'],
  '/api/views/{id}': ['put', 'delete'],
  '/api/citations': ['post'],
  '/api/citations/{id}': ['get'],
};

function* referencesIn(value: unknown): Generator<string> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value))
    if (key === '$ref' && typeof inner === 'string') yield inner;
    else yield* referencesIn(inner);
}

describe('OpenAPI', () => {
  it('lists every address and no other', () => {
    const found = Object.fromEntries(
      Object.entries(document.paths).map(([path, methods]) => [
        path,
        Object.keys(methods).filter((m) => m !== 'head'),
      ]),
    );
    expect(found).toEqual(addresses);
  });

  it('refers only to schemas that are there', () => {
    const references = [...referencesIn(document)];
    expect(references.length).toBeGreaterThan(20);
    for (const reference of references) {
      const name = /^#\/components\/schemas\/(.+)$/.exec(reference)?.[1];
      expect(name && name in document.components.schemas, reference).toBe(true);
    }
  });

  it('is whole: an id, a summary, described answers, and each parameter of the path', () => {
    expect(document.openapi).toMatch(/^3\.1/);
    const ids = new Set<string>();
    for (const [path, methods] of Object.entries(document.paths))
      for (const operation of Object.values(methods)) {
        expect(operation.summary, path).toMatch(/\.$/);
        expect(Object.keys(operation.responses)).toContain('4xx'.toUpperCase());
        for (const answer of Object.values(operation.responses))
          expect(answer.description, path).toBeTruthy();
        const named = (operation.parameters ?? []).filter((one) => one.in === 'path').map((one) => one.name);
        expect(named.sort()).toEqual([...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1]!).sort());
        ids.add(operation.operationId);
      }
    expect(ids.size).toBe(Object.values(addresses).flat().length);
  });
});

import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Provider from 'oidc-provider';
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

export interface TestProvider {
  readonly issuer: string;
  close(): Promise<void>;
}

export const testClient = { id: 'workbench', secret: 'a secret between the provider and this store' };

/** A real OpenID provider on loopback, whose sign-in form takes any name and no password. */
export async function openProvider(callbacks: readonly string[]): Promise<TestProvider> {
  const server: Server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: testClient.id,
        client_secret: testClient.secret,
        redirect_uris: [...callbacks],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], profile: ['name', 'groups'], email: ['email'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    cookies: { keys: ['for tests only'] },
    findAccount: (_, sub) => ({
      accountId: sub,
      claims: async () => ({
        sub,
        name: sub[0]!.toUpperCase() + sub.slice(1),
        groups: [],
        email: `${sub}@example.org`,
      }),
    }),
  });
  server.on('request', provider.callback());
  return {
    issuer,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

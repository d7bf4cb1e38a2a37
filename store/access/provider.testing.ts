import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Provider from 'oidc-provider';

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

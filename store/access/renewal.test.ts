import { randomBytes } from 'node:crypto';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { columnFromLiterals } from '../../src/arrow/build-column.ts';
import { httpStore } from '../../src/storage/http-store.ts';
import { openOutbox } from '../../src/storage/open-outbox.ts';
import { memoryOutboxShelf } from '../../src/storage/outbox-shelf.ts';
import { tokenDesk, withToken } from '../../src/storage/with-token.ts';
import { plainProfile } from '../scope/leaks.testing.ts';
import { storeWith } from './access.testing.ts';

it('a token that ends mid-session is renewed: reads go on, the stream comes back, no change is lost', async () => {
  const secret = randomBytes(32);
  const store = await storeWith({
    audience: 'store',
    keys: [{ id: 'portal', secret: secret.toString('base64url'), rights: { role: 'editor' } }],
  });
  try {
    const session = await store.driver.beginImport({
      name: 'orders',
      mode: 'create',
      columns: [{ name: 'id', type: { kind: 'int32' } }],
      profile: plainProfile(),
    });
    await session.append({ rows: 1, columns: { id: columnFromLiterals({ kind: 'int32' }, [1]) } });
    await session.commit();
    const url = await store.app.listen({ port: 0, host: '127.0.0.1' });

    let made = 0;
    const sign = () =>
      new SignJWT({ sub: 'eve', jti: `token ${++made}`, exa: { role: 'editor' } })
        .setProtectedHeader({ alg: 'HS256', kid: 'portal' })
        .setAudience('store')
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(secret);
    const desk = tokenDesk({ expects: true });
    desk.onSpent(() => void sign().then((token) => desk.set(token)));
    desk.set(await sign());
    const client = httpStore(url, {
      fetch: withToken((address, init) => fetch(address, init), desk),
      retryMs: { first: 10, max: 50 },
    });
    const outbox = openOutbox({
      shelf: memoryOutboxShelf(),
      send: client.write,
      retryMs: { first: 10, max: 50 },
    });

    const heard: number[] = [];
    let opened = 0;
    const stop = client.changes(0, {
      open: () => opened++,
      event: ({ version }) => heard.push(version),
      reset: () => {},
      lost: () => {},
    });
    expect((await client.datasets()).datasets.map(({ name }) => name)).toEqual(['orders']);
    await expect.poll(() => opened).toBe(1);

    await store.driver.revocations.revoke('token 1', Date.now() + 60_000);
    const { stored } = outbox.add({ kind: 'append', dataset: 'orders', rows: [{ id: 2 }] }, 'a change');
    expect((await stored).appended).toBe(1);
    expect((await client.datasets()).datasets[0]!.rows).toBe(2);
    expect(made).toBe(2);
    const { version } = await client.health();
    await expect.poll(() => heard.at(-1)).toBe(version);
    stop();
    await outbox.close();
  } finally {
    await store.end();
  }
});

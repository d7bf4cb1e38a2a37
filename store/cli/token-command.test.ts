import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeJwt } from 'jose';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { storeWith } from '../access/access.testing.ts';
import { tokenCommand } from './token-command.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'exanalytics-token-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const said = vi.spyOn(console, 'log').mockImplementation(() => {});
afterEach(() => said.mockClear());
const lines = () => said.mock.calls.map(([line]) => String(line));

describe('exanalytics token', () => {
  it('makes a key, signs tokens the store takes, and takes them back', async () => {
    const key = join(folder, 'portal.key');
    expect(await tokenCommand(['--new-key', key])).toBe(0);
    expect(statSync(key).mode & 0o777).toBe(0o600);
    said.mockClear();
    await tokenCommand([
      '--key',
      key,
      '--user',
      'eve',
      '--rights',
      '{"datasets":{"*":{}}}',
      '--gadget',
      'exa-orders',
    ]);
    const [token, shown] = lines();
    expect(shown).toContain(`<exa-orders store="http://127.0.0.1:8090" token="${token}">`);

    const secret = readFileSync(key, 'utf8').trim();
    const store = await storeWith({
      groups: { all: { role: 'admin' } },
      keys: [{ id: 'portal', secret, rights: { role: 'admin' } }],
    });
    try {
      const url = await store.app.listen({ port: 0, host: '127.0.0.1' });
      const ask = () => fetch(`${url}/api/datasets`, { headers: { authorization: `Bearer ${token}` } });
      expect((await ask()).status).toBe(200);
      said.mockClear();
      await tokenCommand(['--key', key, '--user', 'boss', '--rights', '{"role":"admin"}']);
      const boss = lines()[0]!;
      await tokenCommand(['--revoke', decodeJwt(token!).jti!, '--store', url, '--token', boss]);
      expect((await ask()).status).toBe(401);
    } finally {
      await store.end();
    }
  });

  it.each([
    [[], /needs --key FILE and --user NAME/],
    [['--key', 'nowhere.key', '--user', 'eve'], /cannot be read: make one/],
    [['--key', 'KEY', '--user', 'eve', '--minutes', '90'], /from 1 to 60/],
    [['--key', 'KEY', '--user', 'eve', '--rights', '{'], /must be JSON/],
    [['--key', 'KEY', '--user', 'eve', '--rights', '{"rows":1}'], /“exa” cannot be read/],
    [['--new-key', 'KEY'], /never written over/],
    [['--revoke', 'x', '--store', 'http://127.0.0.1:1'], /cannot be reached/],
  ])('%j is refused in one sentence', async (args, says) => {
    const key = join(folder, 'portal.key');
    await expect(tokenCommand(args.map((arg) => (arg === 'KEY' ? key : arg)))).rejects.toThrow(says);
  });
});

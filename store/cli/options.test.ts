import { describe, expect, it } from 'vitest';
import { readServeOptions } from './serve-options.ts';

const read = (...args: string[]) => readServeOptions(args, { root: '/checkout' });

describe('serve options', () => {
  it('have defaults', () => {
    expect(read()).toEqual({
      port: 8090,
      host: '127.0.0.1',
      data: '/checkout/data',
      demo: 'small',
      allowOrigin: [],
      log: undefined,
    });
  });

  it('are read with a space or =', () => {
    expect(
      read(
        '--port=0',
        '--demo',
        'none',
        '--data',
        '/x',
        '--allow-origin',
        'https://a.example/',
        '--allow-origin',
        'http://b.example:81',
      ),
    ).toMatchObject({
      port: 0,
      demo: 'none',
      data: '/x',
      allowOrigin: ['https://a.example', 'http://b.example:81'],
    });
  });

  it.each([
    [['--prot', '1'], /no option --prot.*--port/],
    [['--port', 'many'], /“many”/],
    [['--port', '70000'], /65535/],
    [['--port'], /--port needs a value/],
    [['--demo', 'huge'], /none, small or large/],
    [['--host', '0.0.0.0'], /no accounts: say who may see what with --access/],
    [['--allow-origin', 'portal'], /https:\/\/portal\.example/],
    [['--allow-origin', 'file:///x'], /site/],
    [['--proxy', '127.0.0.1'], /--proxy needs --user-header/],
    [['--user-header', 'X-User'], /anybody else could send/],
    [['--user-header', 'X-User', '--proxy', 'portal'], /must be an IP address/],
    [['--user-header', 'X-User', '--proxy', '127.0.0.1'], /needs --access FILE/],
    [['--access', '/nowhere.json'], /access file .* cannot be read/],
    [['--url', 'store'], /--url must be a site/],
    [['start'], /“start” is not an option/],
  ])('%j is refused in one sentence', (args, says) => {
    expect(() => read(...args)).toThrow(says);
  });
});

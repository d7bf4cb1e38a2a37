import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const setup = join(import.meta.dirname, 'setup.mjs');

/** What the set-up says to a version of Node; empty when it is content. */
function saysTo(version: string): string {
  const program = `import(${JSON.stringify(`file://${setup}`)}).then((m) => console.log(m.checkNode(${JSON.stringify(version)}) ?? ''))`;
  return execFileSync(process.execPath, ['-e', program], { encoding: 'utf8' }).trim();
}

it('asks an old Node to go in one sentence', () => {
  for (const version of ['18.20.0', '20.18.3', '4.0.0'])
    expect(saysTo(version)).toBe(
      `Exanalytics needs Node 20.19 or newer, and this is ${version}: install a newer one from your system or nodejs.org.`,
    );
  for (const version of ['20.19.0', '22.1.0', '24.0.0-rc.1']) expect(saysTo(version)).toBe('');
});

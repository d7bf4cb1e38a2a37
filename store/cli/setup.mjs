// Set-up before `npm start` and `npm test`. Needs nothing installed but Node itself.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
const npx = process.platform === 'win32' ? 'npx.cmd' : 'npx';

/** Node the store, its build and its tests run on. */
const leastNode = [20, 19];

/** Where Chromium is on the systems we know. */
const chromiumPlaces = [
  process.env.EXANALYTICS_CHROMIUM,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const say = (sentence) => console.log(`set-up: ${sentence}`);

function fail(sentence) {
  console.error(`set-up: ${sentence}`);
  process.exit(1);
}

function run(command, args, what) {
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
  if (error) fail(`${what} could not start: ${error.message}.`);
  if (status !== 0) fail(`${what} failed (exit code ${status}); what it said stands above.`);
}

function succeeds(command, args) {
  return spawnSync(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'ignore'] }).status === 0;
}

export function checkNode(version = process.versions.node) {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  if (major > leastNode[0] || (major === leastNode[0] && minor >= leastNode[1])) return undefined;
  return `Exanalytics needs Node ${leastNode.join('.')} or newer, and this is ${version}: install a newer one from your system or nodejs.org.`;
}

function stampOf(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
}

function stamp(file, text) {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

/** Installs what package-lock.json names, unless exactly that is there. */
function install() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const file = join(root, 'node_modules', '.exanalytics-lock');
  if (stampOf(file) === lock) return;
  if (isInstalled()) {
    stamp(file, lock);
    return;
  }
  say('installing dependencies, once.');
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  // `npm ci` refuses a lock made where the packages of other platforms could not be had; `npm install --no-save` takes
  // the lock's versions too, and mends what is there instead of starting over.
  const fresh = !existsSync(join(root, 'node_modules'));
  if (!fresh || !succeeds(npm, ['ci', ...quiet]))
    run(npm, ['install', '--no-save', ...quiet], 'Installing dependencies');
  stamp(file, lock);
}

/** Whether node_modules holds what package-lock.json names, by the versions npm itself noted there. */
function isInstalled() {
  const note = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(note)) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const found = JSON.parse(readFileSync(note, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, one]) => path === '' || one.optional || found[path]?.version === one.version,
  );
}

/** What a build is made from. */
const sources = [
  'index.html',
  'package-lock.json',
  'public',
  'src',
  'store',
  'tsconfig.base.json',
  'vite.config.ts',
];

function* filesUnder(path) {
  if (!existsSync(path)) return;
  if (!statSync(path).isDirectory()) {
    yield path;
    return;
  }
  for (const name of readdirSync(path).sort()) yield* filesUnder(join(path, name));
}

function sourceHash() {
  const hash = createHash('sha256');
  for (const source of sources)
    for (const file of filesUnder(join(root, source)))
      if (!/\.(test|testing)\.ts$/.test(file))
        hash.update(relative(root, file)).update('\0').update(readFileSync(file));
  return hash.digest('hex');
}

/** Builds the workbench and the store, unless what is built came from these very sources. */
export function build() {
  const hash = sourceHash();
  const file = join(root, 'dist', '.exanalytics-sources');
  if (stampOf(file) === hash && existsSync(join(root, 'dist', 'store', 'main.js'))) return;
  const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
  if (existsSync(join(root, 'index.html'))) {
    say('building the workbench.');
    run(process.execPath, [vite, 'build', '--logLevel', 'warn'], 'Building the workbench');
  } else say('SKIPPED building the workbench: there is no index.html in this checkout.');
  say('building the store.');
  run(process.execPath, [vite, 'build', '--mode', 'store', '--logLevel', 'warn'], 'Building the store');
  stamp(file, hash);
}

export function findChromium() {
  return chromiumPlaces.find((place) => place && existsSync(place));
}

/** A Chromium for the browser tests: one that is there, else Debian's package, else Playwright's download. */
function ensureChromium() {
  const found = findChromium();
  if (found) {
    say(`tests use ${found}.`);
    return;
  }
  const debian = existsSync('/usr/bin/apt-get') && process.getuid?.() === 0;
  if (debian) {
    say('installing Debian’s chromium, once.');
    const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } };
    const install = () =>
      spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'chromium'], options).status;
    if (install() !== 0) {
      spawnSync('apt-get', ['update'], options);
      install();
    }
    if (findChromium()) return;
    say('Debian’s chromium could not be installed; trying Playwright’s.');
  }
  const { status } = spawnSync(npx, ['playwright', 'install', 'chromium'], { cwd: root, stdio: 'inherit' });
  if (status !== 0)
    say(
      'SKIPPING browser and end-to-end tests: there is no Chromium, and none could be installed. Set EXANALYTICS_CHROMIUM to one and run npm test again.',
    );
}

if (process.argv[1] && fileURLToPath(import.meta.url) === process.argv[1]) {
  const complaint = checkNode();
  if (complaint) fail(complaint);
  const [mode] = process.argv.slice(2);
  if (mode !== 'start' && mode !== 'test')
    fail('say what to set up for: node store/cli/setup.mjs start|test.');
  install();
  if (mode === 'test') ensureChromium();
  build();
}

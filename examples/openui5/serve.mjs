// Serves the page of this folder with OpenUI5 from its node_modules: node serve.mjs [--port 8092] [--store …] [--key …]
import { existsSync, readFileSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import lessOpenUI5 from 'less-openui5';
import { policyFor, servePortal } from '../portal.mjs';

const libraries = ['sap.ui.core', 'sap.m', 'sap.ui.layout', 'sap.ui.unified', 'themelib_sap_horizon'];
const roots = libraries.map((name) =>
  fileURLToPath(new URL(`./node_modules/@openui5/${name}/src/`, import.meta.url)),
);
const types = {
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
  '.properties': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const sheets = new Map();

/** A library's theme, made from its source when first wanted. */
function sheetOf(folder) {
  const made = new lessOpenUI5.Builder().build({
    lessInputPath: `${folder}/library.source.less`,
    rootPaths: roots,
    library: { name: folder.replace(/\/themes\/.*/, '').replaceAll('/', '.') },
    compiler: { compress: true },
  });
  return made.then(({ css }) => ({ type: 'text/css; charset=utf-8', body: css }));
}

async function find(path) {
  if (!path.startsWith('/resources/')) return undefined;
  const name = path.slice('/resources/'.length);
  if (name.endsWith('/library.css')) {
    const folder = name.slice(0, -'/library.css'.length);
    if (!sheets.has(folder)) sheets.set(folder, sheetOf(folder));
    return sheets.get(folder);
  }
  const file = roots.map((root) => root + name).find((one) => existsSync(one));
  return file && { type: types[extname(file)] ?? 'application/octet-stream', body: readFileSync(file) };
}

servePortal({
  folder: new URL('./', import.meta.url),
  rights: { gadgets: ['exa-orders', 'exa-trend', 'exa-bars', 'exa-series'] },
  find,
  // OpenUI5 as its source writes script elements; built, it does not.
  policy: (store) => policyFor(store).replace("'wasm-unsafe-eval'", "'unsafe-inline' 'unsafe-eval'"),
});

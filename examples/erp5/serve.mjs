// Serves the form of this folder with renderJS from another: node serve.mjs --renderjs FOLDER [--port 8093] [--store …]
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { servePortal } from '../portal.mjs';

const at = process.argv.indexOf('--renderjs');
const folder = at < 0 ? undefined : process.argv.splice(at, 2)[1];
if (!folder) {
  console.error('Where are renderjs.js and rsvp.js? node serve.mjs --renderjs FOLDER');
  process.exit(2);
}

servePortal({
  folder: new URL('./', import.meta.url),
  find: async (path) =>
    path === '/renderjs.js' || path === '/rsvp.js'
      ? { type: 'text/javascript; charset=utf-8', body: readFileSync(join(folder, path)) }
      : undefined,
  // A gadget in the sandbox `dataurl` stands in a page of no origin.
  policy: (store) =>
    `default-src 'self' ${store}; style-src 'self' 'unsafe-inline'; frame-src ${store} data:; connect-src 'self' ${store}`,
});

// Serves the portal of this folder: node serve.mjs [--port 8091] [--store http://127.0.0.1:8090]
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8091' },
    store: { type: 'string', default: 'http://127.0.0.1:8090' },
  },
});
const store = new URL(values.store).origin;

/** What a portal's policy must let through, and no more: see docs/embed.md. */
const policy = [
  "default-src 'none'",
  `script-src 'self' ${store} 'wasm-unsafe-eval'`,
  `connect-src 'self' ${store}`,
  `worker-src blob: ${store}`,
  `style-src 'self' 'unsafe-inline' ${store}`,
  "img-src 'self' data: blob:",
  `frame-src ${store}`,
  "base-uri 'none'",
  "form-action 'none'",
].join('; ');

createServer((request, response) => {
  const path = new URL(request.url ?? '/', 'http://portal').pathname;
  if (path !== '/') return response.writeHead(404).end();
  const page = readFileSync(new URL('./index.html', import.meta.url), 'utf8').replaceAll('STORE', store);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': policy });
  return response.end(page);
}).listen(Number(values.port), '127.0.0.1', function () {
  console.log(`The portal is at http://127.0.0.1:${this.address().port}`);
});

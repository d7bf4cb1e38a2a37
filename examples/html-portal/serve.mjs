// Serves the portal of this folder: node serve.mjs [--port 8091] [--store http://127.0.0.1:8090] [--key portal.key]
import { servePortal } from '../portal.mjs';

servePortal({
  folder: new URL('./', import.meta.url),
  rights: { gadgets: ['exa-orders', 'exa-trend', 'exa-bars', 'exa-series'] },
});

/** A worker whose script is `script`, of whatever origin: a blob of this page imports it. Throws where a page may not. */
export function blobWorker(script: string): Worker {
  const blob = new Blob([`import ${JSON.stringify(script)};`], { type: 'text/javascript' });
  const address = URL.createObjectURL(blob);
  const worker = new Worker(address, { type: 'module' });
  // Its script is read by then, or never.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
  return worker;
}

/** Resolves in a task of its own: what waits for this thread comes before it. Not by a timer: those are slowed in pages that nobody looks at. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

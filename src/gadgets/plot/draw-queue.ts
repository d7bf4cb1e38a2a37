let last: Promise<void> = Promise.resolve();

/**
 * Begins `draw` after all that was handed in before, in a task of its own: a chart is the longest single piece of work of
 * the page's thread, and between two of them it answers to people. One that waits for something holds up none behind it.
 */
export function inTurn(draw: () => Promise<void>): Promise<void> {
  const turn = last.then(nextTask);
  last = turn;
  return turn.then(draw);
}

/** Not by a timer: those are slowed in pages that nobody looks at. */
function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}

import { nextTask } from '../../protocol/next-task.ts';

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

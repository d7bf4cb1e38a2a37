import { ExaError } from '../../../protocol/errors.ts';
import type { FitProgress, Steps } from '../steps.ts';
import type { Fit, Pass } from '../stream/pass.ts';

/** What a program asks of who runs it: passes over the blocks, made together, or only to be told how far it is. */
export type Turn =
  | { readonly kind: 'passes'; readonly passes: readonly Pass[] }
  | { readonly kind: 'work'; readonly at: FitProgress };

/**
 * A whole fit as a generator. A turn of passes is answered with one merged partial a pass, undefined where no block
 * exists; a turn of work with nothing.
 */
export type Program<T> = Generator<Turn, T, unknown>;

/** A fit's passes one by one. */
export function* alone<M>(fit: Fit<M>): Program<M> {
  let next = fit.next();
  while (!next.done) {
    const [answer] = (yield { kind: 'passes', passes: [next.value] }) as unknown[];
    next = fit.next(answer);
  }
  return next.value;
}

/** Two fits whose passes read the blocks together: their first ones, then their second ones, …. */
export function* together<A, B>(first: Fit<A>, second: Fit<B>): Program<[A, B]> {
  let a = first.next();
  let b = second.next();
  while (!a.done || !b.done) {
    const passes = [...(a.done ? [] : [a.value]), ...(b.done ? [] : [b.value])];
    const answers = (yield { kind: 'passes', passes }) as unknown[];
    const forB = a.done ? answers[0] : answers[1];
    if (!a.done) a = first.next(answers[0]);
    if (!b.done) b = second.next(forB);
  }
  return [a.value, b.value];
}

/** Work in memory, in steps. */
export function* working<T>(steps: Steps<T>): Program<T> {
  let next = steps.next();
  while (!next.done) {
    yield { kind: 'work', at: next.value };
    next = steps.next();
  }
  return next.value;
}

/** Runs a program that asks for no pass. */
export function finishProgram<T>(program: Program<T>): T {
  let next = program.next();
  while (!next.done) {
    if (next.value.kind === 'passes') throw new ExaError('broken', 'A fit in memory asked for blocks.');
    next = program.next();
  }
  return next.value;
}

import { msg } from '@lit/localize';
import type { ConditionOp } from './conditions.ts';

/** What a condition asks, in words. */
export function opWord(op: ConditionOp): string {
  return {
    in: msg('is one of'),
    contains: msg('contains'),
    starts: msg('begins with'),
    equals: msg('is exactly'),
    range: msg('is between'),
    empty: msg('is empty'),
  }[op];
}

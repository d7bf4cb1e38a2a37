import { ExaError } from '../../src/protocol/errors.ts';

/** Why credentials do not hold: there are none, their time is over, they were taken back, or they are wrong. */
export type Reason = 'none' | 'expired' | 'revoked' | 'invalid';

/** What is answered as 401: new credentials would help. */
export function notSignedIn(reason: Reason, sentence: string): ExaError {
  return new ExaError('refused', sentence, { facts: { status: 401, reason } });
}

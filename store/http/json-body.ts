import { parse } from 'lossless-json';
import { ExaError } from '../../src/protocol/errors.ts';

/** Deepest nesting of lists and objects a body may have. */
const maxDepth = 64;

/**
 * A JSON body. Throws `invalid` with one sentence for text that is not UTF-8 or not JSON, is nested more than 64 deep,
 * or names a prototype.
 */
export function parseJsonBody(body: Buffer): unknown {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch (cause) {
    throw new ExaError('invalid', 'The request is not UTF-8 text: JSON must be.', { cause });
  }
  if (text.trim() === '')
    throw new ExaError('invalid', 'The request has no body: send the JSON that this address expects.');
  if (depthOf(text) > maxDepth)
    throw new ExaError('invalid', `The request nests lists and objects more than ${maxDepth} deep.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    const { line, column, reason } = whereOf(cause, text);
    throw new ExaError('invalid', `The request is not JSON: ${reason} (line ${line}, column ${column}).`, {
      cause,
      facts: { line, column },
    });
  }
  if (/"(__proto__|constructor|prototype)"\s*:/.test(text))
    throw new ExaError(
      'invalid',
      'The request uses “__proto__”, “prototype” or “constructor” as a name, which is not taken.',
    );
  return value;
}

/** Deepest nesting of brackets outside strings. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (quoted) {
      if (code === 0x5c) i++;
      else if (code === 0x22) quoted = false;
    } else if (code === 0x22) quoted = true;
    else if (code === 0x7b || code === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (code === 0x7d || code === 0x5d) depth--;
  }
  return deepest;
}

/** Where a text stops being JSON. The second parser is asked because it says so of short texts too. */
function whereOf(cause: unknown, text: string): { line: number; column: number; reason: string } {
  const at = positionOf(cause) ?? positionOf(failureOf(() => parse(text))) ?? text.length;
  const before = text.slice(0, at).split('\n');
  return {
    line: before.length,
    column: before.at(-1)!.length + 1,
    reason: at >= text.length ? 'it ends too early' : `${JSON.stringify(text[at])} was not expected here`,
  };
}

function failureOf(read: () => unknown): unknown {
  try {
    read();
    return undefined;
  } catch (error) {
    return error;
  }
}

function positionOf(error: unknown): number | undefined {
  const match = error instanceof Error ? /position (\d+)/.exec(error.message) : null;
  return match ? Number(match[1]) : undefined;
}

import { ExaError, fromWireError } from './errors.ts';
import type { FitEvent } from './fit.ts';

/** JSON of plain data with Float64Arrays in it, bit by bit: each as `{"f64": base64 of its little-endian bytes}`. */
export function toFitJson(value: unknown): string {
  return JSON.stringify(value, (_, one: unknown) =>
    one instanceof Float64Array
      ? { f64: base64Of(new Uint8Array(one.buffer, one.byteOffset, one.byteLength)) }
      : one,
  );
}

/** Reads what {@link toFitJson} wrote. Throws `corrupt`. */
export function fromFitJson(text: string): unknown {
  try {
    return JSON.parse(text, (_, one: unknown) => {
      if (typeof one !== 'object' || one === null || !('f64' in one) || typeof one.f64 !== 'string')
        return one;
      const bytes = Uint8Array.from(atob(one.f64), (char) => char.charCodeAt(0));
      return new Float64Array(bytes.buffer);
    });
  } catch (cause) {
    throw new ExaError('corrupt', 'The store’s answer about a fit was not understood.', { cause });
  }
}

function base64Of(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 0x8000)
    text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
  return btoa(text);
}

/** A line of the store's answer: an event, its end, or that the fit failed. */
export function parseFitLine(line: string): FitEvent | 'end' {
  const read = fromFitJson(line) as Partial<Record<'progress' | 'result' | 'problem' | 'end', unknown>>;
  if (read.problem !== undefined) throw fromWireError(read.problem);
  if (read.end !== undefined) return 'end';
  if (read.progress !== undefined)
    return { kind: 'progress', progress: read.progress } as Extract<FitEvent, { kind: 'progress' }>;
  if (read.result !== undefined)
    return { kind: 'result', result: read.result } as Extract<FitEvent, { kind: 'result' }>;
  throw new ExaError('corrupt', 'The store’s answer about a fit was not understood.');
}

import { randomUUID } from 'node:crypto';
import type { ArrayHead } from '../src/protocol/array.ts';

/** Makes an array in a store; its id. */
export async function makeArray(storeUrl: string, spec: object): Promise<string> {
  const answer = await fetch(`${storeUrl}/api/arrays`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': randomUUID() },
    body: JSON.stringify(spec),
  });
  if (!answer.ok) throw new Error(await answer.text());
  return ((await answer.json()) as { array: string }).array;
}

/** A one- or two-dimensional `.npy` file of float64. */
function npyOf(values: Float64Array, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '<f8', 'fortran_order': False, 'shape': (${sizes}), }`.padEnd(117);
  const bytes = new Uint8Array(128 + values.byteLength);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  bytes.set(new TextEncoder().encode(`${text}\n`), 10);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), 128);
  return bytes;
}

/** Assigns elements to a selection. */
export async function putValues(
  storeUrl: string,
  array: string,
  at: string,
  values: Float64Array,
  shape: readonly number[],
): Promise<void> {
  const answer = await fetch(`${storeUrl}/api/arrays/${array}/values?at=${encodeURIComponent(at)}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/x-npy', 'idempotency-key': randomUUID() },
    body: npyOf(values, shape),
  });
  if (!answer.ok) throw new Error(await answer.text());
}

export async function headOf(storeUrl: string, array: string): Promise<ArrayHead> {
  return (await (await fetch(`${storeUrl}/api/arrays/${array}/head`)).json()) as ArrayHead;
}

/** The last line of an activity of the store, followed to its end. */
export async function activity(storeUrl: string, path: string, body: object = {}): Promise<unknown> {
  const answer = await fetch(`${storeUrl}/api/arrays${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  const lines = (await answer.text()).trim().split('\n');
  const last: unknown = JSON.parse(lines.at(-1)!);
  if (typeof last !== 'object' || last === null || !('result' in last)) throw new Error(lines.at(-1));
  return last.result;
}

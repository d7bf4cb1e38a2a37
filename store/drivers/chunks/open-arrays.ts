import { ExaError } from '../../../src/protocol/errors.ts';
import type { ArrayRecord } from '../array-catalogue.ts';
import type { OpenArray } from './array-batch.ts';

/** The arrays of a store: those that are open, and those that are listed though their index on disk is damaged. */
export class OpenArrays {
  readonly #open = new Map<string, OpenArray>();
  readonly #damaged = new Map<string, { readonly record: ArrayRecord; readonly error: ExaError }>();

  /** Throws `missing` for an unknown array, `corrupt` for a damaged one. */
  find(id: string): OpenArray {
    const found = this.#open.get(id);
    if (found) return found;
    throw (
      this.#damaged.get(id)?.error ??
      new ExaError('missing', `There is no array called ${id} here.`, { facts: { array: id } })
    );
  }

  /** Undefined where it is not open. */
  get(id: string): OpenArray | undefined {
    return this.#open.get(id);
  }

  has(id: string): boolean {
    return this.#open.has(id) || this.#damaged.has(id);
  }

  /** The newest committed record, of a damaged array too. Throws `missing`. */
  record(id: string): ArrayRecord {
    return this.#damaged.get(id)?.record ?? this.find(id).file.record;
  }

  records(): ArrayRecord[] {
    const whole = [...this.#open.values()].map(({ file }) => file.record);
    return [...whole, ...[...this.#damaged.values()].map(({ record }) => record)];
  }

  add(id: string, array: OpenArray): void {
    this.#open.set(id, array);
  }

  /** Lists an array that cannot be opened. Returns the sentence its every use throws. */
  addDamaged(record: ArrayRecord, cause: ExaError): string {
    const sentence = `The index of the array ${record.name} is damaged on the store’s disk: restore it from a copy, or drop it.`;
    this.#damaged.set(record.id, { record, error: new ExaError('corrupt', sentence, { cause }) });
    return sentence;
  }

  remove(id: string): void {
    this.#open.delete(id);
    this.#damaged.delete(id);
  }

  /** Closes the files of all. */
  async close(): Promise<void> {
    for (const { file } of this.#open.values()) await file.journal.close();
    this.#open.clear();
  }
}

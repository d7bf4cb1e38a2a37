import type { ServerResponse } from 'node:http';
import { openSlab } from '../../src/kernels/wasm/slab.ts';

/** Room for a chunk of a quarter of a megabyte and what is written around it. */
const slotBytes = 272 * 1024;
const slotCount = 64;
/** Smaller bodies are joined with their envelopes and cost little. */
const leastBytes = 32 * 1024;

/** Slots one answer's bodies lie in until they are sent. */
export interface Lease {
  /** Room for a body of `length` bytes; undefined when there is none: an ordinary buffer serves then. */
  lend(length: number): Uint8Array<ArrayBuffer> | undefined;
  /** The bytes were handed to the system: their slot is free. Others than slots are left alone. */
  sent(bytes: Uint8Array): void;
  /** Nothing is read into this answer's slots, nor sent from them, any more. */
  end(): void;
}

/**
 * Memory that bodies of answers are read into and sent from, again and again: megabytes allocated a request would keep the
 * garbage collector at work for longer than sending them takes.
 */
export class BodySlots {
  #slab: Uint8Array<ArrayBuffer> | undefined;
  #free: number[] | undefined;

  lease(): Lease {
    const held = new Set<number>();
    return {
      lend: (length) => {
        if (length < leastBytes || length > slotBytes) return undefined;
        const slot = this.#open()?.pop();
        if (slot === undefined) return undefined;
        held.add(slot);
        return this.#slab!.subarray(slot * slotBytes, slot * slotBytes + length);
      },
      sent: ({ buffer, byteOffset }) => {
        if (!this.#slab || buffer !== this.#slab.buffer) return;
        const slot = Math.floor((byteOffset - this.#slab.byteOffset) / slotBytes);
        if (held.delete(slot)) this.#free!.push(slot);
      },
      end: () => {
        this.#free?.push(...held);
        held.clear();
      },
    };
  }

  #open(): number[] | undefined {
    this.#slab ??= openSlab(slotBytes * slotCount);
    this.#free ??= this.#slab && Array.from({ length: slotCount }, (_, slot) => slot);
    return this.#free;
  }
}

/** Calls `sent` with each piece of an answer when the system has taken it. */
export function onSent(raw: ServerResponse, sent: (piece: Uint8Array) => void): void {
  const write = raw.write.bind(raw) as (piece: unknown, ...rest: unknown[]) => boolean;
  raw.write = ((piece: unknown, ...rest: unknown[]) =>
    piece instanceof Uint8Array && rest.length === 0
      ? write(piece, () => sent(piece))
      : write(piece, ...rest)) as typeof raw.write;
}

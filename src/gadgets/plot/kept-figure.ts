import type { Scheme } from '../theme/palette.ts';
import type { Figure } from './figure.ts';

/** A figure by colour scheme, as `exa-plot` draws it. */
export type MakeFigure = (scheme: Scheme) => Figure;

/** The last figure of a gadget: made anew, and so drawn anew, only when something it is made of is another. */
export class KeptFigure {
  #of: readonly unknown[] | undefined;
  #make: MakeFigure | undefined;

  of(parts: readonly unknown[], prepare: () => MakeFigure): MakeFigure {
    if (this.#make && parts.length === this.#of?.length && parts.every((part, i) => part === this.#of?.[i]))
      return this.#make;
    this.#of = parts;
    this.#make = prepare();
    return this.#make;
  }
}

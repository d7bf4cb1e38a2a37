import { ExaError } from '../protocol/errors.ts';

/** What an embedded page shows: one gadget with its attributes and state. */
export interface FrameAddress {
  readonly tag: `exa-${string}`;
  readonly attributes: Readonly<Record<string, string>>;
  /** The gadget's own state, plain JSON. */
  readonly state?: object;
}

/** Attributes that would run or load something, whatever a gadget does with them. */
const refused = /^(on|style$|src|href|xlink)/;
const longest = 100_000;

/**
 * An address as the fragment of a URL: `#exa-trend?dataset=orders&measure=revenue&state={…}`. Throws `invalid` in one
 * sentence for what is not one.
 */
export function parseFrameAddress(hash: string): FrameAddress {
  const text = hash.replace(/^#/, '');
  if (text.length > longest) throw invalid('it is longer than 100,000 characters');
  const cut = text.indexOf('?');
  const tag = cut < 0 ? text : text.slice(0, cut);
  if (!/^exa-[a-z][a-z0-9-]*$/.test(tag)) throw invalid(`“${tag.slice(0, 40)}” is not the name of a gadget`);
  const attributes: Record<string, string> = {};
  let state: object | undefined;
  for (const [name, value] of new URLSearchParams(cut < 0 ? '' : text.slice(cut + 1))) {
    if (name === 'state') state = parseState(value);
    else if (/^[a-z][a-z0-9-]*$/.test(name) && !refused.test(name)) attributes[name] = value;
    else throw invalid(`“${name.slice(0, 40)}” is not an attribute of gadgets`);
  }
  return { tag: tag as FrameAddress['tag'], attributes, ...(state ? { state } : {}) };
}

export function printFrameAddress({ tag, attributes, state }: FrameAddress): string {
  const pairs = new URLSearchParams(attributes);
  if (state && Object.keys(state).length > 0) pairs.set('state', JSON.stringify(state));
  const query = pairs.toString();
  return query === '' ? `#${tag}` : `#${tag}?${query}`;
}

function parseState(text: string): object {
  try {
    const state: unknown = JSON.parse(text);
    if (typeof state === 'object' && state !== null && !Array.isArray(state)) return state;
  } catch {
    // Said below.
  }
  throw invalid('its state is not a JSON object');
}

function invalid(why: string): ExaError {
  return new ExaError('invalid', `This address shows no gadget: ${why}.`);
}

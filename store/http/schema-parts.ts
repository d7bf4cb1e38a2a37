import { type TSchema, type TUnsafe, Type } from '@sinclair/typebox';

/** One of a few words. */
export function words<const T extends readonly string[]>(
  list: T,
  options: { description?: string } = {},
): TUnsafe<T[number]> {
  return Type.Unsafe<T[number]>({ type: 'string', enum: [...list], ...options });
}

/** A value that another, named schema describes. */
export function refer<T>(id: string): TUnsafe<T> {
  return Type.Unsafe<T>({ $ref: `${id}#` });
}

/**
 * A named union told apart by the property `key`: a wrong value is reported against its own variant only.
 * Each variant is an object schema with `key` as a literal or {@link words}.
 */
export function named<T>(
  id: string,
  key: string,
  description: string,
  variants: readonly TSchema[],
): TUnsafe<T> {
  return Type.Unsafe<T>({
    $id: id,
    description,
    type: 'object',
    required: [key],
    discriminator: { propertyName: key },
    oneOf: [...variants],
  });
}

/** An object without any other properties. */
export const strict = { additionalProperties: false } as const;

/** A block number: `_row >> 16` of row numbers below 2^53. */
export const blockNumber = Type.Integer({ minimum: 0, maximum: 2 ** 37 - 1 });

/** A version or revision: an exact number. */
export const versionNumber = Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER });

export const literal = Type.Unsafe<string | number | boolean | null>({
  type: ['string', 'number', 'boolean', 'null'],
});

/** An identifier of a data set, import session or idempotency key as it stands in an address or header. */
export const identifier = Type.String({ minLength: 1, maxLength: 200 });

/** Offsets of a time zone: see `ZoneTable`. */
export const zoneTable = Type.Object(
  {
    from: Type.Array(Type.Number(), { minItems: 1, maxItems: 10_000 }),
    offsetMs: Type.Array(Type.Integer(), { minItems: 1, maxItems: 10_000 }),
  },
  strict,
);

import { msg, str } from '@lit/localize';
import { ExaError } from '../../protocol/errors.ts';

/**
 * An index as people write it: `1e17`, `123_456`, `1,000,000`, `2^40`, spaces; negative ones count from the end.
 * Throws {@link ExaError} `invalid` with a sentence for anything else, and for one outside `[−size, size)`.
 */
export function parseIndex(text: string, size: bigint): bigint {
  const plain = text
    .trim()
    .replace(/^[−–]/, '-')
    .replace(/(?<=\d)[_,.\s'’](?=\d{3}(?!\d))/g, '');
  const value = wholeNumber(plain.replaceAll('_', ''));
  if (value === undefined)
    throw new ExaError(
      'invalid',
      msg(str`“${text.trim()}” is not an index. Write a whole number: 123456, 1e17 or −1.`),
    );
  const index = value < 0n ? value + size : value;
  if (index < 0n || index >= size)
    throw new ExaError(
      'invalid',
      size === 0n
        ? msg('This axis has no elements.')
        : msg(str`${groupDigits(value)} is outside: the last index is ${groupDigits(size - 1n)}.`),
    );
  return index;
}

/** `1e17`, `2^40`, `123` as a bigint; undefined for what is no whole number, or has more than 30 digits. */
function wholeNumber(text: string): bigint | undefined {
  const power = /^(-?)(\d{1,6})(?:\^|\*\*)(\d{1,3})$/.exec(text);
  if (power) {
    const exponent = Number(power[3]);
    const size = BigInt(power[2]!) ** BigInt(exponent > 100 ? 0 : exponent);
    return exponent > 100 ? undefined : power[1] === '-' ? -size : size;
  }
  const found = /^([+-]?)(\d{1,30})(?:\.(\d{1,30}))?(?:e\+?(\d{1,2}))?$/i.exec(text);
  if (!found) return undefined;
  const [, sign, whole = '', decimals = '', exponent = '0'] = found;
  const shift = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  if (shift < 0 && digits % 10n ** BigInt(-shift) !== 0n) return undefined;
  const size = shift < 0 ? digits / 10n ** BigInt(-shift) : digits * 10n ** BigInt(shift);
  return sign === '-' ? -size : size;
}

/** A count at a glance: exact up to a billion, past it about how much, `≈ 2·10¹⁸`. */
export function aboutText(count: bigint): string {
  if (count < 10n ** 9n) return groupDigits(count);
  const [first = '', power = ''] = Number(count).toExponential(0).split('e+');
  const ten = `10${raised(power)}`;
  return `≈ ${first === '1' ? ten : `${first}·${ten}`}`;
}

/** A power, as it stands above the line: `15` is `¹⁵`. */
export function raised(power: number | string): string {
  return String(power).replace(/\d/g, (digit) => '⁰¹²³⁴⁵⁶⁷⁸⁹'[Number(digit)]!);
}

/** All digits, in groups of three, no exponent. */
export function groupDigits(value: bigint): string {
  const digits = String(value < 0n ? -value : value).replace(/\B(?=(\d{3})+$)/g, ',');
  return value < 0n ? `−${digits}` : digits;
}

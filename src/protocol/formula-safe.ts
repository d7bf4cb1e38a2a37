const dangerous = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const number = /^[+-]?\d+(\.\d+)?$/;

/**
 * A text no spreadsheet runs as a formula (OWASP, CSV injection): one that begins with `=`, `+`, `-`, `@`, a tab, a line end
 * or a full-width form of these is given an apostrophe first, unless all of it is a number.
 */
export function defused(text: string): string {
  return dangerous.test(text) && !number.test(text) ? `'${text}` : text;
}

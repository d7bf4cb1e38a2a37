import { writeDigits } from './digits.ts';

const dayMs = 86_400_000;
const colon = 58;
const point = 46;
const letterZ = 90;

/** ISO dates of days since 1970, each made once; days that no calendar here knows by their number. */
export function dayTexts(): (day: number) => string {
  const known = new Map<number, string>();
  let last = Number.NaN;
  let text = '';
  return (day) => {
    if (day === last) return text;
    last = day;
    const kept = known.get(day);
    if (kept !== undefined) {
      text = kept;
      return kept;
    }
    const date = new Date(day * dayMs);
    text = Number.isNaN(date.getTime()) ? `${day} days` : date.toISOString().slice(0, -14);
    known.set(day, text);
    return text;
  };
}

/** Writes `hh:mm:ss.sssZ` of ms since midnight; returns where it ends. */
export function writeTime(into: Uint8Array, at: number, ms: number): number {
  const whole = Math.floor(ms);
  const seconds = (whole / 1000) | 0;
  const minutes = (seconds / 60) | 0;
  const hours = (minutes / 60) | 0;
  writeDigits(into, at, hours, 2);
  into[at + 2] = colon;
  writeDigits(into, at + 3, minutes - hours * 60, 2);
  into[at + 5] = colon;
  writeDigits(into, at + 6, seconds - minutes * 60, 2);
  into[at + 8] = point;
  writeDigits(into, at + 9, whole - seconds * 1000, 3);
  into[at + 12] = letterZ;
  return at + 13;
}

import { ExaError } from '../protocol/errors.ts';
import type { Index } from './selection.ts';
import { parseWhole } from './shape.ts';

/**
 * An index expression as text, NumPy's within its brackets: `'0:1e12, 0'`, `'..., ::-2'`, `'[3, 5, 7], newaxis'`,
 * `'[true, false]'`. Whole numbers may be written `1_000`, `1e12`, `10^18` or `2**40`. Throws `invalid`.
 */
export function parseSelection(text: string): Index[] {
  const parts = splitTop(text);
  return parts.map((part) => parsePart(part.trim(), text));
}

function splitTop(text: string): string[] {
  const trimmed = text.trim();
  if (trimmed === '') return [];
  const parts: string[] = [];
  let depth = 0;
  let from = 0;
  for (let i = 0; i < trimmed.length; i++) {
    const sign = trimmed[i];
    if (sign === '[') depth++;
    else if (sign === ']') depth--;
    else if (sign === ',' && depth === 0) {
      parts.push(trimmed.slice(from, i));
      from = i + 1;
    }
    if (depth < 0 || depth > 1) throw unclear(text, trimmed.slice(from));
  }
  if (depth !== 0) throw unclear(text, trimmed.slice(from));
  const last = trimmed.slice(from);
  // A comma at the end, as Python allows.
  if (last.trim() !== '' || parts.length === 0) parts.push(last);
  return parts;
}

function parsePart(part: string, text: string): Index {
  if (part === '...' || part === '…') return { kind: 'ellipsis' };
  if (part === 'newaxis' || part === 'None') return { kind: 'newaxis' };
  if (part.startsWith('[') && part.endsWith(']')) return parseList(part, text);
  if (!part.includes(':')) return { kind: 'at', at: whole(part, part, text) };
  const bounds = part.split(':');
  if (bounds.length > 3) throw unclear(text, part);
  const [start, stop, step] = bounds.map((bound) =>
    bound.trim() === '' ? undefined : whole(bound, part, text),
  );
  return { kind: 'slice', start, stop, step };
}

function parseList(part: string, text: string): Index {
  const inner = part.slice(1, -1).trim();
  if (inner === '') return { kind: 'list', at: [] };
  const items = inner.split(',').map((item) => item.trim());
  if (items.every((item) => /^(true|false)$/i.test(item)))
    return { kind: 'mask', mask: items.map((item) => item.toLowerCase() === 'true') };
  return { kind: 'list', at: items.map((item) => whole(item, part, text)) };
}

function whole(number: string, part: string, text: string): bigint {
  const value = parseWhole(number);
  if (value === undefined) throw unclear(text, part);
  return value;
}

function unclear(text: string, part: string): ExaError {
  return new ExaError(
    'invalid',
    `“${part.trim()}” in the index “${text}” is not understood: use whole numbers, slices like 0:1e12:2, lists like [1, 2], “...” or “newaxis”.`,
    { facts: { part: part.trim() } },
  );
}

import { ExaError } from '../protocol/errors.ts';

export type FileFormat = 'csv' | 'ndjson' | 'parquet' | 'arrow';

/** `windows-1252` is what the web calls Latin-1. */
export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be' | 'windows-1252';

/** Of a text file: how it is written. */
export interface TextForm {
  readonly encoding: Encoding;
  /** Decided by a mark or by zero bytes; otherwise `utf-8` is only assumed until a byte contradicts it. */
  readonly sure: boolean;
}

const magics: readonly [readonly number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'is a ZIP archive or an Excel workbook: save the sheet as CSV, or unpack it'],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an old Excel or Office file: save the sheet as CSV'],
  [[0x25, 0x50, 0x44, 0x46], 'is a PDF document: import the table it was made from'],
  [[0x28, 0xb5, 0x2f, 0xfd], 'is compressed with zstd: unpack it first'],
  [[0x42, 0x5a, 0x68], 'is compressed with bzip2: unpack it first'],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is compressed with xz: unpack it first'],
  [[0x53, 0x51, 0x4c, 0x69, 0x74, 0x65], 'is an SQLite database: export its tables as CSV'],
];

export function isGzip(head: Uint8Array): boolean {
  return startsWith(head, [0x1f, 0x8b]);
}

/**
 * The format by the file's first bytes (uncompressed); its name does not count.
 * Throws `invalid`, one sentence, for an empty file, a known foreign format, or bytes that are not text.
 */
export function detectFormat(name: string, head: Uint8Array): FileFormat {
  if (head.byteLength === 0)
    throw new ExaError('invalid', `The file ${name} is empty: there is nothing to import.`);
  if (startsWith(head, ascii('PAR1'))) return 'parquet';
  if (startsWith(head, ascii('ARROW1')) || isArrowStream(head)) return 'arrow';
  for (const [magic, sentence] of magics)
    if (startsWith(head, magic)) throw new ExaError('invalid', `The file ${name} ${sentence}.`);
  const { encoding } = detectEncoding(name, head);
  const text = new TextDecoder(encoding).decode(head).trimStart();
  if (text === '')
    throw new ExaError('invalid', `The file ${name} holds only white space: there is nothing to import.`);
  if (text.startsWith('<!') || /^<(html|\?xml)/i.test(text))
    throw new ExaError('invalid', `The file ${name} is a web page or XML, not a table: export it as CSV.`);
  if (/^\{\s*("|\})/.test(text)) return 'ndjson';
  if (/^\[\s*\{/.test(text))
    throw new ExaError(
      'invalid',
      `The file ${name} is one JSON array: write it with one object a line (NDJSON).`,
    );
  return 'csv';
}

/**
 * The encoding by evidence in the first bytes: a byte order mark, zero bytes at even or odd places (UTF-16 of mostly
 * Latin text), else UTF-8 until proven otherwise. Throws `invalid` for bytes that are no text in any of them.
 */
export function detectEncoding(name: string, head: Uint8Array): TextForm {
  if (startsWith(head, [0xef, 0xbb, 0xbf])) return { encoding: 'utf-8', sure: true };
  if (startsWith(head, [0xff, 0xfe])) return { encoding: 'utf-16le', sure: true };
  if (startsWith(head, [0xfe, 0xff])) return { encoding: 'utf-16be', sure: true };
  const length = Math.min(head.byteLength, 65_536);
  const zeros = [0, 0];
  let controls = 0;
  for (let i = 0; i < length; i++) {
    const byte = head[i]!;
    if (byte === 0) zeros[i & 1]!++;
    else if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) controls++;
  }
  const half = length / 2;
  if (controls <= length / 200) {
    if (zeros[1]! > half * 0.4 && zeros[0]! < half * 0.02) return { encoding: 'utf-16le', sure: true };
    if (zeros[0]! > half * 0.4 && zeros[1]! < half * 0.02) return { encoding: 'utf-16be', sure: true };
    if (zeros[0]! + zeros[1]! === 0) return { encoding: 'utf-8', sure: false };
  }
  throw new ExaError(
    'invalid',
    `The file ${name} is not text: CSV, TSV, NDJSON, Parquet and Arrow files (gzipped or not) can be imported.`,
  );
}

/** An Arrow IPC stream begins with a continuation mark and the length of its schema message. */
function isArrowStream(head: Uint8Array): boolean {
  return startsWith(head, [0xff, 0xff, 0xff, 0xff]) && head.byteLength >= 8 && head[7] === 0;
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return bytes.byteLength >= magic.length && magic.every((byte, i) => bytes[i] === byte);
}

function ascii(text: string): number[] {
  return [...text].map((letter) => letter.charCodeAt(0));
}

import Papa from 'papaparse';

export const delimiters = [',', ';', '\t', '|'] as const;
export type Delimiter = (typeof delimiters)[number];

/** How the lines of a CSV file are cut. */
export interface CsvForm {
  readonly delimiter: Delimiter;
  /** Old Macintosh files end lines with `\r`; all others are read with `\n`, a `\r` before it dropped. */
  readonly newline: '\n' | '\r';
  /** The first line is `sep=;`, as Excel writes and reads it. */
  readonly sepLine: boolean;
}

/** The form by a sample from the start of the file: the delimiter that gives most rows the header's number of cells. */
export function guessCsvForm(sample: string): CsvForm {
  const newline = !sample.includes('\n') && sample.includes('\r') ? '\r' : '\n';
  const told = /^\ufeff?sep=([,;\t|])\r?\n/i.exec(sample)?.[1];
  if (told) return { delimiter: told as Delimiter, newline, sepLine: true };
  let best: Delimiter = ',';
  let bestScore = 0;
  for (const delimiter of delimiters) {
    const rows = parseSample(sample, delimiter, newline);
    const cells = rows[0]?.length ?? 0;
    if (cells < 2) continue;
    const alike = rows.filter((row) => row.length === cells).length;
    const score = (alike / rows.length) ** 2 * Math.log2(cells + 1);
    if (score > bestScore) [best, bestScore] = [delimiter, score];
  }
  return { delimiter: best, newline, sepLine: false };
}

function parseSample(sample: string, delimiter: Delimiter, newline: string): string[][] {
  const parser = new Papa.Parser({ delimiter, newline: newline as '\n', quoteChar: '"', preview: 100 });
  const { data } = parser.parse(sample, 0, false) as { data: string[][] };
  const rows = data.filter((row) => row.length > 1 || (row[0] ?? '').trim() !== '');
  return rows.length > 1 && rows.length < 100 ? rows.slice(0, -1) : rows;
}

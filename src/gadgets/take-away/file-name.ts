import type { Coverage } from '../../protocol/answer.ts';

const forbidden = /[\\/:*?"<>|\p{Cc}]/gu;

/** A name every file system takes: "Revenue by country.csv". What is only part of the data says so. */
export function fileName(
  title: string,
  extension: string,
  part?: Pick<Coverage, 'blocks' | 'blocksTotal'>,
): string {
  const clean = title
    .replace(forbidden, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[\s.]+|[\s.]+$/g, '')
    .slice(0, 120)
    .trim();
  const partial =
    part && part.blocks < part.blocksTotal ? ` (partial, ${part.blocks} of ${part.blocksTotal} blocks)` : '';
  return `${clean || 'Data'}${partial}.${extension}`;
}

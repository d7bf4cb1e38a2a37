import type { ColumnInfo, ColumnType } from './column.ts';
import type { DatasetSummary, Head, ZoneTable } from './head.ts';
import { parseProfile } from './parse-profile.ts';
import {
  misread,
  type Reader,
  readCount,
  readList,
  readNumber,
  readObject,
  readOneOf,
  readOptional,
  readRecord,
  readText,
} from './parse-shape.ts';

const readKind = readObject<{ kind: ColumnType['kind'] }>({
  kind: readOneOf(['bool', 'int32', 'int64', 'decimal', 'float64', 'date', 'timestamp', 'text']),
});
const readDecimal = readObject<{ precision: number; scale: number }>({
  precision: readCount,
  scale: readCount,
});

/** A column type from JSON. Throws `corrupt`. */
export const parseColumnType: Reader<ColumnType> = (value, path) => {
  const { kind } = readKind(value, path);
  return kind === 'decimal' ? { kind, ...readDecimal(value, path) } : { kind };
};

const readZone = readObject<ZoneTable>({ from: readList(readNumber), offsetMs: readList(readNumber) });

const readHead = readObject<Head>({
  id: readText,
  name: readText,
  epoch: readText,
  scope: readText,
  version: readCount,
  asOf: readText,
  allocated: readCount,
  columns: readList(readObject<ColumnInfo>({ id: readText, name: readText, type: parseColumnType })),
  profile: parseProfile,
  revisions: readList(readCount),
  live: readList(readCount),
  zones: readRecord(readZone),
  cache: readOptional(readOneOf(['memory'])),
});

/** A head from JSON. Throws `corrupt`, also when revisions and live rows tell of different numbers of blocks. */
export const parseHead: Reader<Head> = (value, path) => {
  const head = readHead(value, path);
  if (head.live.length !== head.revisions.length) throw misread(`${path}.live`, 'as long as revisions');
  return head;
};

/** A data set in a list, from JSON. Throws `corrupt`. */
export const parseDatasetSummary: Reader<DatasetSummary> = readObject<DatasetSummary>({
  id: readText,
  name: readText,
  epoch: readText,
  version: readCount,
  asOf: readText,
  rows: readCount,
  bytes: readCount,
  profile: parseProfile,
  cache: readOptional(readOneOf(['memory'])),
});

/** The list of data sets from JSON. Throws `corrupt`. */
export const parseDatasetList = readObject<{
  readonly version: number;
  readonly asOf: string;
  readonly datasets: readonly DatasetSummary[];
}>({ version: readCount, asOf: readText, datasets: readList(parseDatasetSummary) });

import type { GalleryState } from '../../src/gadgets/gallery/gallery-states.ts';
import type { ImportClient, ImportPreview } from '../../src/protocol/import.ts';

const columns = [
  { name: 'InvoiceNo', type: { kind: 'text' }, role: 'id' },
  { name: 'date', type: { kind: 'date' }, role: 'date' },
  { name: 'Country', type: { kind: 'text' }, role: 'country' },
  { name: 'Amount', type: { kind: 'decimal', precision: 18, scale: 2 }, role: 'amount' },
] as const;

const preview: ImportPreview = {
  name: 'Online retail',
  format: 'csv',
  rows: 541_909,
  columns: columns.map((column) => ({ ...column, inferred: column.type, nulls: 0 })),
  sample: [
    ['536365', '2010-12-01', 'United Kingdom', '15.30'],
    ['536370', '2010-12-01', 'France', '90.00'],
    ['C536379', '2010-12-01', 'United Kingdom', '-27.50'],
    ['536389', '2010-12-02', 'Australia', '51.00'],
  ],
  doubts: [],
  notes: [],
  profile: {
    part: 'orders',
    label: 'Online retail',
    grain: 'order',
    keys: ['InvoiceNo'],
    roles: { id: 'InvoiceNo', date: 'date', country: 'Country', amount: 'Amount' },
    labels: {},
    links: [],
    calculated: [],
    measures: [],
    zone: 'UTC',
    dimensions: ['Country'],
  },
};

/** A file being looked at: for ever while loading, with a row that does not fit where things fail. */
export function importsIn(state: GalleryState): ImportClient {
  const isDoubtful = state === 'failed' || state === 'failed-after';
  const doubts = isDoubtful
    ? [{ kind: 'not-a-date' as const, column: 'date', row: 1204, value: '31/02/2011' }]
    : [];
  const never = () => new Promise<never>(() => {});
  return {
    open: () => ({
      preview(_, options) {
        if (state !== 'loading') return Promise.resolve({ ...preview, doubts });
        options?.progress?.({ phase: 'read', rows: 184_000, rowsTotal: preview.rows });
        return never();
      },
      difference: never,
      store: never,
      close() {},
    }),
  };
}

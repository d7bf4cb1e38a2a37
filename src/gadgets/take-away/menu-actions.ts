import { msg } from '@lit/localize';
import { openAnswer } from '../../arrow/answer-table.ts';
import type { DataClient } from '../../protocol/client.ts';
import { ExaError, isExaError } from '../../protocol/errors.ts';
import type { ExportFormat, ExportRequest } from '../../protocol/export.ts';
import { defused } from '../../protocol/formula-safe.ts';
import { emptyWorkspace, type Workspace } from '../../protocol/workspace.ts';
import { printWorkspace } from '../../protocol/workspace-url.ts';
import { exportTray } from './export-tray.ts';
import { fileName } from './file-name.ts';
import { openSink, download as saveBlob } from './file-sink.ts';
import { pictureOf, rasterOf } from './picture.ts';
import type { TakenFrom } from './take-away.ts';

export const mimes: Readonly<Record<ExportFormat, string>> = {
  csv: 'text/csv;charset=utf-8',
  xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
};

/** Most rows copied at once. */
const maxCopiedRows = 50_000;

interface WithClient extends TakenFrom {
  readonly client: DataClient | undefined;
}

/** Writes a card's data to a file; its course, end and any doubt are told in the tray. */
export async function download(card: TakenFrom, format: ExportFormat): Promise<void> {
  const offer = card.takeAway();
  const client = clientOf(card);
  const tray = exportTray();
  const title = offer?.title ?? '';
  if (!offer?.data || !client) {
    tray.failed(title, new ExaError('missing', msg('There is nothing to download here yet.')));
    return;
  }
  await exportFile(client, title, offer.data, format);
}

/** As {@link download}, of any request. */
export async function exportFile(
  client: DataClient,
  title: string,
  request: ExportRequest,
  format: ExportFormat,
): Promise<void> {
  const tray = exportTray();
  const life = new AbortController();
  const { signal } = life;
  try {
    const outlook = await client.exportOutlook(request, { signal });
    const name = fileName(title, format, outlook);
    const sink = await openSink(name, mimes[format], outlook.bytes);
    const entry = tray.begin(name, () => life.abort());
    try {
      const done = await client.export(request, {
        format,
        signal,
        chunk: (bytes) => sink.write(bytes),
        progress: (progress) => entry.progress(progress),
      });
      const final = fileName(title, format, done.coverage);
      await sink.close(final);
      entry.done(final, done);
    } catch (error) {
      await sink.abort().catch(() => {});
      if (signal.aborted) entry.cancelled();
      else entry.failed(error);
    }
  } catch (error) {
    // The browser's own dialog was closed: the person knows.
    if (!(error instanceof Error && error.name === 'AbortError') && !isExaError(error, 'cancelled'))
      tray.failed(title, error);
  }
}

/** Copies a card's table for a spreadsheet: tab-separated, exact, nothing that would run. What was done, in words. */
export async function copyTable(card: TakenFrom): Promise<string> {
  const offer = card.takeAway();
  const client = clientOf(card);
  if (!offer?.data || !client) return msg('There is nothing to copy here yet.');
  const { what, columns } = offer.data;
  const text = (async () => {
    const answer =
      what.kind === 'table'
        ? what
        : await client.ask(what.kind === 'rows' ? { ...what, offset: 0, limit: maxCopiedRows } : what);
    const table = openAnswer(answer.bytes);
    const lines = [columns.map(({ name }) => defused(name))];
    const shown = columns.filter(({ id }) => table.has(id));
    for (let row = 0; row < Math.min(table.rows, maxCopiedRows); row++)
      lines.push(
        shown.map(({ id }) => {
          const cell = table.exact(id, row);
          return table.type(id).kind === 'text' ? defused(cell) : cell;
        }),
      );
    return lines.map((cells) => cells.map(tsvCell).join('\t')).join('\n');
  })();
  const type = 'text/plain';
  // Safari wants the clipboard asked within the click, before the text is there.
  await navigator.clipboard.write([new ClipboardItem({ [type]: text.then((t) => new Blob([t], { type })) })]);
  return msg('Table copied');
}

export async function copyPicture(card: TakenFrom): Promise<string> {
  const png = pictureFile(card, 'png');
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
  return msg('Picture copied');
}

export async function savePicture(card: TakenFrom, format: 'png' | 'svg'): Promise<string> {
  saveBlob(await pictureFile(card, format), fileName(card.takeAway()?.title ?? '', format));
  return msg('Picture saved');
}

/** Most rows of a grid that are cited. */
const maxCitedRows = 1000;

/** Keeps the card's answer for good, copies a link to it and shows it. What was done, in words. */
export async function cite(card: TakenFrom): Promise<string> {
  const offer = card.takeAway();
  const keep = clientOf(card)?.keep;
  const what = offer?.data?.what;
  if (!offer?.data || !keep || !what || what.kind === 'table')
    return msg('There is nothing to cite here yet.');
  try {
    const question = what.kind === 'rows' ? { ...what, offset: 0, limit: maxCitedRows } : what;
    const { title, data } = offer;
    const workspace = location.hash || '#/home';
    const citation = await keep.cite({ question, title: title || '—', columns: data.columns, workspace });
    const cited: Workspace = { ...emptyWorkspace('cite'), gadgets: { cite: { id: citation.id } } };
    const link = `${location.href.split('#')[0]}${printWorkspace(cited)}`;
    await navigator.clipboard.writeText(link).catch(() => {});
    card.dispatchEvent(
      new CustomEvent('exa-go', { bubbles: true, composed: true, detail: { workspace: cited } }),
    );
    return msg('Citation kept, its link copied');
  } catch (error) {
    exportTray().failed(offer.title, error);
    return '';
  }
}

/** Prints the card alone. */
export async function printCard(card: TakenFrom): Promise<void> {
  const { svg } = await pictureOf(card);
  const frame = document.createElement('iframe');
  frame.setAttribute('aria-hidden', 'true');
  frame.tabIndex = -1;
  frame.style.cssText = 'position:fixed;inset:auto 0 0 auto;width:0;height:0;border:0';
  document.body.append(frame);
  const page = frame.contentDocument;
  const view = frame.contentWindow;
  if (!page || !view) return;
  page.title = card.takeAway()?.title ?? '';
  page.documentElement.lang = document.documentElement.lang;
  const drawn = new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement;
  drawn.setAttribute('style', 'max-width:100%;height:auto');
  page.body.append(page.importNode(drawn, true));
  view.addEventListener('afterprint', () => setTimeout(() => frame.remove()));
  view.print();
}

async function pictureFile(card: TakenFrom, format: 'png' | 'svg'): Promise<Blob> {
  const picture = await pictureOf(card);
  return format === 'svg' ? new Blob([picture.svg], { type: 'image/svg+xml' }) : rasterOf(picture);
}

function clientOf(card: TakenFrom): DataClient | undefined {
  return (card as WithClient).client;
}

function tsvCell(text: string): string {
  return /["\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

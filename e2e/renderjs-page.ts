import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { renderJsPeer } from '../src/embed/renderjs-peer.testing.ts';

/** A folder with renderJS 0.29 (`renderjs.js`) and Nexedi's RSVP (`rsvp.js`): GPL, so no part of this project. */
const folder = process.env.EXANALYTICS_RENDERJS;

/** Whether the real renderJS is here; else only the conformance peer speaks the parent's side. */
export const hasRenderJs = folder !== undefined && existsSync(join(folder, 'renderjs.js'));

/** One text on its way between page and gadget. */
export interface Told {
  readonly from: 'parent' | 'child';
  readonly text: string;
}

/** What the pages below offer their gadget, as ERP5's root does; what is acquired is kept in `acquired`. */
const offers = `
  window.acquired = [];
  const offer = (name, answer) => [name, (...args) => { acquired.push([name, ...args]); return answer(...args); }];
  window.offers = Object.fromEntries([
    offer('getSetting', (name, other) => (name === 'selected_language' ? 'fr' : other)),
    offer('jio_allDocs', () => ({ data: { total_rows: 3, rows: [
      { id: '1', value: { simulation_state: 'confirmed' } },
      { id: '2', value: { simulation_state: 'draft' } },
      { id: '3', value: { simulation_state: 'confirmed' } },
    ] } })),
    offer('chartItemClick', () => null),
    offer('translate', (text) => text),
  ]);`;

/** A page that declares a gadget in an iframe by the conformance peer. */
export function peerPage(): string {
  return `<!doctype html><html lang="en"><title>Peer</title><body><script>${offers}
  const renderJsPeer = ${renderJsPeer.toString()};
  window.declareGadget = async (sandbox, url) => {
    const child = document.createElement('iframe');
    if (sandbox === 'iframe') child.src = url;
    else {
      const text = await (await fetch(url)).text();
      child.src = 'data:text/html;charset=utf-8,' + encodeURIComponent(text.replace('<head>', '<head><base href="' + url + '">'));
    }
    document.body.append(child);
    const peer = renderJsPeer({
      post: (text) => child.contentWindow.postMessage(text, '*'),
      listen: (told) => addEventListener('message', ({ data, source }) => {
        if (source === child.contentWindow && typeof data === 'string') told(data);
      }),
    }, window.offers);
    window.callGadget = (name, args) => peer.call(name, ...args);
    return peer.declared;
  };
</script></body></html>`;
}

/** A page of the real renderJS, whose root gadget declares ours. */
export function renderJsPage(): string {
  const script = (name: string) => `<script>${readFileSync(join(folder ?? '', name), 'utf8')}</script>`;
  return `<!doctype html><html lang="en"><head><title>renderJS</title>${script('rsvp.js')}${script('renderjs.js')}
<script>${offers}
  const root = rJS(window);
  for (const name of Object.keys(window.offers))
    root.allowPublicAcquisition(name, (args) => window.offers[name](...args));
  root.declareMethod('open', function (sandbox, url) {
    const element = document.createElement('div');
    this.element.append(element);
    return this.declareGadget(url, { sandbox, element, scope: 'ours' });
  });
  root.ready(function () {
    const gadget = this;
    window.declareGadget = (sandbox, url) => gadget.open(sandbox, url).push(
      (ours) => {
        window.callGadget = (name, args) => new Promise((resolve, reject) => {
          if (!ours[name]) reject(new Error('This gadget has no method “' + name + '”.'));
          else ours[name](...args).then(resolve, (error) => reject(new Error(error.message)));
        });
        return Object.keys(ours).concat('render' in ours ? [] : ['(no render)']);
      });
  });
</script></head><body></body></html>`;
}

/** Keeps every text between the page and its gadget from now on, in the order it was heard. */
export async function recordTexts(page: Page): Promise<() => readonly Told[]> {
  const told: (Told & { at: number })[] = [];
  await page.exposeBinding('heardText', (_, from: Told['from'], text: string, at: number) => {
    told.push({ from, text, at });
  });
  await page.addInitScript(() => {
    // The parent hears the child, and the child the parent.
    const from = window === window.top ? 'child' : 'parent';
    addEventListener('message', ({ data }) => {
      if (typeof data === 'string')
        Reflect.get(window, 'heardText')(from, data, performance.timeOrigin + performance.now());
    });
  });
  return () => [...told].sort((a, b) => a.at - b.at).map(({ from, text }) => ({ from, text }));
}

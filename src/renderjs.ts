import { type FrameAddress, parseFrameAddress, printFrameAddress } from './embed/frame-address.ts';
import { type FrameGadget, showGadget } from './embed/frame-gadget.ts';
import { openPage } from './embed/page-portal.ts';
import { declareToRenderJs, type RenderJsParent } from './embed/renderjs-child.ts';
import {
  documentsGraph,
  documentsQuestion,
  type RenderOptions,
  readRenderOptions,
} from './embed/renderjs-options.ts';
import { parentTexts } from './embed/windows.ts';
import { offerOn } from './gadgets/acquisition.ts';
import type { Gadget } from './gadgets/gadget.ts';
import { localize } from './gadgets/locales/localization.ts';
import { ExaError } from './protocol/errors.ts';
import { isRecord } from './protocol/is-record.ts';

/**
 * The page of one gadget as renderJS loads it (`iframe` or `dataurl` sandbox). Which gadget stands in the fragment of
 * its address, or in the options of `render`, as a data URL has no fragment.
 */
let shown: (FrameGadget<Gadget> & { readonly address: FrameAddress }) | undefined;
let field: Pick<RenderOptions, 'key' | 'editable'> = { key: undefined, editable: true };
let parent: RenderJsParent | undefined;

/** What a gadget asks its ancestors for that a renderJS parent may offer. */
const acquirable = ['jio_allDocs', 'getSetting', 'translate', 'redirect', 'chartItemClick'] as const;

async function render(given: unknown): Promise<void> {
  const options = readRenderOptions(given);
  field = { key: options.key ?? field.key, editable: options.editable };
  const address = options.address ?? (shown ? shown.address : addressHere());
  // Rendered again, the same gadget stays.
  if (!shown || printFrameAddress(shown.address) !== printFrameAddress(address))
    shown = { address, ...(await showGadget(document, address)) };
  if (options.state) await shown.element.call('render', options.state);
  if (options.documents) {
    const { documents } = options;
    const answer = await parent?.acquire('jio_allDocs', [documentsQuestion(documents)]);
    // A parent that has no documents: the feature is off.
    if (answer !== undefined)
      await shown.element.call('render', { value: documentsGraph(documents, answer) });
  }
}

function addressHere(): FrameAddress {
  if (location.hash.length < 2)
    throw new ExaError(
      'invalid',
      'Say which gadget: in the address (#exa-trend?dataset=…) or render({ gadget }).',
    );
  return parseFrameAddress(location.hash);
}

function element(): Gadget {
  if (!shown) throw new ExaError('invalid', 'This gadget was not rendered yet.');
  return shown.element;
}

/** A form's field answers by its name, with the state as one text; alone, a gadget answers its state. */
async function getContent(): Promise<unknown> {
  const content = await element().call('getContent');
  if (field.key === undefined) return content;
  return field.editable ? { [field.key]: JSON.stringify(content) } : {};
}

/** The parent's language, where it says one. */
async function followLanguage(told: RenderJsParent): Promise<void> {
  const language = await told.acquire('getSetting', ['selected_language', document.documentElement.lang]);
  if (typeof language !== 'string' || !/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/.test(language)) return;
  document.documentElement.lang = language;
  await localize(language, document.createElement('div'));
}

async function start(): Promise<void> {
  const told = await declareToRenderJs(
    parentTexts(window),
    async () => {
      if (location.hash.length > 1) await render({});
      return {
        methods: {
          render,
          getContent,
          checkValidity: () => element().call('checkValidity'),
          changeState: (state) => element().changeState(isRecord(state) ? state : {}),
          getState: () => element().state,
        },
      };
    },
    { url: location.href, title: document.title },
  );
  parent = told;
  for (const name of acquirable)
    offerOn(document.documentElement, name, (...args) => told.acquire(name, args));
  followLanguage(told).catch(() => {});
  // A mark chosen is the parent's to follow: ERP5 filters its list by it.
  document.addEventListener('exa-select', (event) => {
    const { label, series } = (event as CustomEvent<{ label: string; series: string }>).detail;
    told.acquire('chartItemClick', [[label, series]]).catch(() => {});
  });
  // A row opened shows the parent's own document, where its table says which; else our sheet.
  document.addEventListener(
    'exa-open',
    (event) => {
      const { document: own } = (event as CustomEvent<{ document?: string }>).detail ?? {};
      if (own === undefined) return;
      event.preventDefault();
      told.acquire('redirect', [{ command: 'raw', options: { url: own } }]).catch(() => {});
    },
    { capture: true },
  );
}

openPage(document);
void start();

import './embed.ts';
import { parseFrameAddress } from './embed/frame-address.ts';
import { type FrameGadget, showGadget } from './embed/frame-gadget.ts';
import { declareToRenderJs, type RenderJsParent } from './embed/renderjs-child.ts';
import { parentTexts } from './embed/windows.ts';
import { offerOn } from './gadgets/acquisition.ts';
import type { Gadget } from './gadgets/gadget.ts';
import { ExaError } from './protocol/errors.ts';

/**
 * The page of one gadget as renderJS loads it (`iframe` or `dataurl` sandbox). Which gadget stands in the fragment of
 * its address, or in `render({ gadget, …attributes, state })`, as a data URL has no fragment.
 */
let shown: FrameGadget | undefined;

/** What a gadget asks its ancestors for that a renderJS parent may offer. */
const acquirable = ['jio_allDocs', 'getSetting', 'translate', 'redirect', 'chartItemClick'] as const;

async function render(options: unknown): Promise<void> {
  const { gadget, state, ...rest } = isRecord(options) ? options : {};
  const named = typeof gadget === 'string' ? gadget : undefined;
  if (named !== undefined || !shown) {
    const attributes = Object.fromEntries(
      Object.entries(rest).flatMap(([name, value]) =>
        typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : [],
      ),
    );
    const query = new URLSearchParams(attributes);
    if (isRecord(state)) query.set('state', JSON.stringify(state));
    const hash = named === undefined ? location.hash : `#${named}?${query.toString()}`;
    if (hash === '' || hash === '#')
      throw new ExaError(
        'invalid',
        'Say which gadget: in the address (#exa-trend?dataset=…) or render({ gadget }).',
      );
    shown = await showGadget(document, parseFrameAddress(hash));
  } else if (isRecord(state)) await shown.element.changeState(state);
  await shown.element.call('render', rest);
}

function element(): Gadget {
  if (!shown) throw new ExaError('invalid', 'This gadget was not rendered yet.');
  return shown.element;
}

async function start(): Promise<void> {
  const parent: RenderJsParent = await declareToRenderJs(
    parentTexts(window),
    async () => {
      if (location.hash.length > 1) await render({});
      return {
        methods: {
          render,
          getContent: () => element().call('getContent'),
          checkValidity: () => element().call('checkValidity'),
          changeState: (state) => element().changeState(isRecord(state) ? state : {}),
          getState: () => element().state,
        },
      };
    },
    { url: location.href, title: document.title },
  );
  for (const name of acquirable)
    offerOn(document.documentElement, name, (...args) => parent.acquire(name, args));
  // A mark opened is the parent's to show, where it wants it.
  document.addEventListener('exa-open', (event) => {
    const detail: unknown = event instanceof CustomEvent ? event.detail : undefined;
    void parent.acquire('chartItemClick', [detail]).catch(() => {});
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

void start();

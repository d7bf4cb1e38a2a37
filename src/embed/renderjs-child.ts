import { ChannelError, openChannel, type TextPort } from './jschannel.ts';

/** What a renderJS parent sees of a gadget. */
export interface RenderJsGadget {
  /** Declared methods and what they do; arguments are the parent's, unchecked. */
  readonly methods: Readonly<Record<string, (...args: readonly unknown[]) => unknown>>;
}

/** What every renderJS gadget declares before its own. */
const builtIn = [
  'getInterfaceList',
  'getRequiredCSSList',
  'getRequiredJSList',
  'getPath',
  'getTitle',
] as const;

/** A renderJS parent, to a gadget that stands in one of its iframes. */
export interface RenderJsParent {
  /** Asks the parent's chain for a method; undefined where nobody offers it, so that the feature is off. */
  acquire(name: string, args: readonly unknown[]): Promise<unknown>;
  close(): void;
}

/**
 * Declares a gadget to the renderJS parent (0.29) on the other end of `port`: handshake, each method, then `ready`;
 * `failed` with its sentence when it cannot.
 */
export async function declareToRenderJs(
  port: TextPort,
  gadget: () => Promise<RenderJsGadget>,
  page: { readonly url: string; readonly title: string },
): Promise<RenderJsParent> {
  let methods: RenderJsGadget['methods'] = {};
  const channel = openChannel('renderJS', port, {
    async request(method, params) {
      if (method !== 'methodCall' || !Array.isArray(params))
        throw new Error(`There is no request “${method}”.`);
      const [name, args] = params as [unknown, unknown];
      const run = typeof name === 'string' && Object.hasOwn(methods, name) ? methods[name] : undefined;
      if (!run) throw new Error(`This gadget has no method “${String(name).slice(0, 60)}”.`);
      return run(...(Array.isArray(args) ? args : []));
    },
  });
  await channel.ready;
  try {
    const own = (await gadget()).methods;
    const fixed: Record<string, () => unknown> = {
      getInterfaceList: () => [],
      getRequiredCSSList: () => [],
      getRequiredJSList: () => [],
      getPath: () => page.url,
      getTitle: () => page.title,
    };
    const names = [...new Set([...builtIn, 'getMethodList', ...Object.keys(own)])];
    methods = { ...fixed, getMethodList: () => names, ...own };
    for (const name of names) await channel.request('declareMethod', name);
    channel.notify('ready', undefined);
  } catch (error) {
    channel.notify('failed', error instanceof Error ? error.message : String(error));
  }
  return {
    async acquire(name, args) {
      try {
        return await channel.request('acquire', [name, args]);
      } catch (error) {
        // Kind "1" is renderJS's AcquisitionError: no ancestor has it.
        if (error instanceof ChannelError && String(error.kind) === '1') return undefined;
        throw error;
      }
    },
    close: () => channel.close(),
  };
}

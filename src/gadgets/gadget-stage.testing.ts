import { ContextProvider } from '@lit/context';
import axe from 'axe-core';
import { html, render, type TemplateResult } from 'lit';
import type { DataClient } from '../protocol/client.ts';
import { dataClientContext } from './contexts.ts';
import './filter-group/filter-group.ts';
import type { FilterGroupElement } from './filter-group/filter-group.ts';
import type { Gadget } from './gadget.ts';
import type { Phase } from './phase.ts';

/** Gadgets on a page of their own, under a client and a filter group. */
export interface Stage {
  readonly root: HTMLElement;
  readonly group: FilterGroupElement;
  /** The first element of a tag. */
  find<E extends Element = Gadget>(tag: string): E;
  remove(): void;
}

/** Draws `content` in a page of the given width (CSS px) and scheme. */
export async function stage(
  client: DataClient,
  content: TemplateResult,
  options: { readonly width?: number; readonly scheme?: 'light' | 'dark' } = {},
): Promise<Stage> {
  const root = document.createElement('main');
  document.documentElement.lang = 'en';
  document.title = 'Gadgets';
  root.style.cssText = `width:${options.width ?? 800}px;color-scheme:${options.scheme ?? 'light'};background:light-dark(#fff,#16191f)`;
  document.body.style.margin = '0';
  new ContextProvider(root, { context: dataClientContext, initialValue: client });
  document.body.append(root);
  render(html`<exa-filter-group>${content}</exa-filter-group>`, root);
  const group = root.querySelector<FilterGroupElement>('exa-filter-group');
  if (!group) throw new Error('The stage has no filter group.');
  await group.updateComplete;
  return {
    root,
    group,
    find: <E extends Element>(tag: string): E => {
      const found = root.querySelector<E>(tag);
      if (!found) throw new Error(`The stage has no ${tag}.`);
      return found;
    },
    remove: () => root.remove(),
  };
}

/** Waits, a frame at a time, until `test` is true; fails after 10 s with what was waited for. */
export async function until(what: string, test: () => boolean): Promise<void> {
  const started = performance.now();
  while (!test()) {
    if (performance.now() - started > 10_000) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((done) => requestAnimationFrame(done));
  }
}

/** Waits until a gadget shows a phase. */
export function untilPhase(gadget: Gadget, phase: Phase): Promise<void> {
  return until(`${gadget.localName} is ${phase}`, () => gadget.getAttribute('phase') === phase);
}

/** Text of a gadget as drawn, shadow roots of its parts included, white space folded. */
export function textIn(element: Element): string {
  const parts: string[] = [];
  const walk = (node: Node): void => {
    if (node instanceof Text) parts.push(node.data);
    if (node instanceof HTMLStyleElement) return;
    for (const child of [
      ...(node instanceof Element ? (node.shadowRoot?.childNodes ?? []) : []),
      ...node.childNodes,
    ])
      walk(child);
  };
  walk(element);
  return parts.join(' ').replace(/\s+/g, ' ').trim();
}

/** What axe finds wrong by WCAG 2.2 A and AA, one line a finding; empty when nothing. */
export async function barriers(root: Element): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
  // What slides or fades is looked at once it stands.
  const moving = [...treesOf(document)].flatMap((tree) => tree.getAnimations());
  const ending = moving.filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
  await Promise.allSettled(ending.map(({ finished }) => finished));
  const { violations } = await axe.run(root, { runOnly: { type: 'tag', values: tags } });
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
  );
}

function* treesOf(tree: Document | ShadowRoot): Generator<Document | ShadowRoot> {
  yield tree;
  for (const { shadowRoot } of tree.querySelectorAll('*')) if (shadowRoot) yield* treesOf(shadowRoot);
}

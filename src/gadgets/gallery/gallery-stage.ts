import { ContextProvider } from '@lit/context';
import { html, LitElement, type PropertyDeclarations } from 'lit';
import type { DataClient } from '../../protocol/client.ts';
import { dataClientContext } from '../contexts.ts';

/** What gadgets tell their ancestors; on a stage nobody else is to hear it. */
const told = ['exa-filters', 'exa-state', 'exa-open', 'exa-workspace', 'exa-error', 'exa-retry'] as const;

/** Gives what stands in it a client of its own, apart from the page's. @prop client */
export class GalleryStage extends LitElement {
  static override properties: PropertyDeclarations = { client: { attribute: false } };

  declare client: DataClient | undefined;

  readonly #context = new ContextProvider(this, { context: dataClientContext });

  constructor() {
    super();
    for (const name of told) this.addEventListener(name, (event) => event.stopPropagation());
  }

  protected override willUpdate(): void {
    if (this.client) this.#context.setValue(this.client);
  }

  protected override render(): unknown {
    return html`<slot></slot>`;
  }
}

if (!customElements.get('exa-gallery-stage')) customElements.define('exa-gallery-stage', GalleryStage);

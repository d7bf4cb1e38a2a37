import { msg, str, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, nothing, type PropertyDeclarations, type PropertyValues } from 'lit';
import type { KeptShare } from '../../protocol/client.ts';
import { isLocal } from '../../protocol/local.ts';
import { formatsFor } from '../format.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { icon } from '../icons.ts';
import { WatchController } from '../watch-controller.ts';

/**
 * How much of a table is here for a time without its store, and the way to bring all of it: what is small comes by itself,
 * what is not when it is asked for, for as long as this stays in view. Attribute: `dataset` (property `source`).
 */
export class TakeAlong extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      p {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        min-height: 32px;
        margin: 8px 0 0;
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      progress {
        width: 120px;
        accent-color: var(--exa-accent);
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    whole: { state: true },
  };

  declare source: string | undefined;
  /** Somebody asked for all of it. */
  declare whole: boolean;

  readonly #share = new WatchController<KeptShare>(
    this,
    () =>
      this.source === undefined || isLocal(this.source)
        ? undefined
        : `${this.whole ? 'whole' : 'part'} ${this.source}`,
    (client, _, observer) => client.bringAlong?.(this.source!, this.whole, observer),
  );
  /** What was told last, while a new watch begins. */
  #last: KeptShare | undefined;

  constructor() {
    super();
    this.whole = false;
    updateWhenLocaleChanges(this);
  }

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(): Gadget['phase'] {
    return 'ready';
  }

  protected override willUpdate(changed: PropertyValues): void {
    super.willUpdate(changed);
    if (changed.has('source') && changed.get('source') !== undefined) {
      this.whole = false;
      this.#last = undefined;
    }
  }

  protected override view(): unknown {
    this.#last = this.#share.value ?? this.#last;
    const share = this.#last;
    if (!share) return nothing;
    const formats = formatsFor(this);
    const { pages, pagesTotal, bytes, fits } = share;
    if (pages >= pagesTotal)
      return html`<p role="status">${icon('check')}${msg('All of it is here: it answers without the store, too.')}</p>`;
    const size = formats.bytes(bytes);
    const words = msg(str`${formats.number(pages)} of ${formats.number(pagesTotal)} pages here`);
    if (!fits && this.whole)
      return html`<p role="status">${words} · ${msg(str`All of it, about ${size}, is more than this device keeps.`)}</p>`;
    if (!fits)
      return html`<p>
        <span>${words}</span>
        <button class="button" @click=${() => this.#bring(true)}>${msg(str`Bring all of it here, about ${size}`)}</button>
      </p>`;
    return html`<p>
      <span role="status">${words}</span>
      <progress max=${pagesTotal} value=${pages} aria-label=${words}></progress>
      ${this.whole ? html`<button class="button quiet" @click=${() => this.#bring(false)}>${msg('Stop')}</button>` : nothing}
    </p>`;
  }

  #bring(whole: boolean): void {
    if (this.#last) this.#last = { ...this.#last, fits: whole };
    this.whole = whole;
  }
}

defineGadget('exa-take-along', TakeAlong);

import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { css, html, LitElement, type PropertyDeclarations } from 'lit';
import type { PreferenceStore } from '../preferences.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** A short tour in a corner: it blocks nothing, moves no focus by itself and is gone with one press. */
export class Tour extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        position: fixed;
        z-index: 55;
        right: 12px;
        bottom: 12px;
        width: min(340px, calc(100vw - 24px));
      }
      section {
        display: grid;
        gap: 8px;
        padding: 12px 16px;
        background: var(--exa-raised);
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        box-shadow: 0 4px 16px rgb(0 0 0 / 12%);
      }
      .ways {
        display: flex;
        align-items: center;
        gap: 8px;
      }
      .ways .meta {
        margin-inline-end: auto;
      }
      @media (max-width: 719px) {
        :host {
          bottom: 64px;
        }
      }
      @media print {
        :host {
          display: none;
        }
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    step: { state: true },
    preferences: { attribute: false },
  };

  declare step: number;
  declare preferences: PreferenceStore;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.step = 0;
    this.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#end();
    });
  }

  protected override render(): unknown {
    const steps = tourSteps();
    const { title, text } = steps[this.step]!;
    const isLast = this.step === steps.length - 1;
    return html`<section aria-label=${msg('Tour of the workbench')}>
      <h2 role="status">${title}</h2>
      <p>${text}</p>
      <div class="ways">
        <span class="meta">${this.step + 1} / ${steps.length}</span>
        <button class="button quiet" @click=${() => this.#end()}>${msg('Close')}</button>
        ${
          isLast
            ? html`<a class="button primary" href="#/explore" @click=${() => this.#end()}>${msg('Explore')}</a>`
            : html`<button class="button primary" @click=${() => this.step++}>${msg('Next')}</button>`
        }
      </div>
    </section>`;
  }

  #end(): void {
    this.preferences.set({ toured: true });
    this.remove();
  }
}

function tourSteps(): readonly { readonly title: string; readonly text: string }[] {
  return [
    {
      title: msg('Drop a file, see it'),
      text: msg(
        'A CSV, Excel, Parquet or Arrow file dropped anywhere on the page becomes a table to explore. Nothing leaves this machine unless you say so.',
      ),
    },
    {
      title: msg('Everything filters everything'),
      text: msg(
        'Press a bar, or draw a range on a chart: the other cards follow. Back, or Ctrl Z, undoes it.',
      ),
    },
    {
      title: msg('Find by typing'),
      text: msg('“/” opens the search: views, tables, columns, commands, and values such as “France”.'),
    },
    {
      title: msg('Keep it, take it away'),
      text: msg(
        'Save view keeps what you see under a name; the menu of a card (⋯) saves its data or its picture, or cites its digits.',
      ),
    },
  ];
}

if (!customElements.get('exa-tour')) customElements.define('exa-tour', Tour);

/** Shows the tour over the frame, from its beginning. */
export function showTour(root: HTMLElement | DocumentFragment, preferences: PreferenceStore): void {
  root.querySelector('exa-tour')?.remove();
  const tour = new Tour();
  tour.preferences = preferences;
  root.append(tour);
}

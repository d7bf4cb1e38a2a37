import { ContextConsumer } from '@lit/context';
import { msg, updateWhenLocaleChanges } from '@lit/localize';
import { html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import type { Advice, Walk } from '../../protocol/array-client.ts';
import { type ExaError, toExaError } from '../../protocol/errors.ts';
import { dataClientContext } from '../contexts.ts';
import { groupDigits } from '../exact/index-text.ts';
import { formatsFor } from '../format.ts';
import { sharedStyles } from '../theme/base.styles.ts';
import { arrayStyles } from './array.styles.ts';

const walks: readonly Walk[] = ['rows', 'columns', 'tiles', 'random'];

/** How an array is cut into chunks, whether other chunks would suit a use better, and the way to them. @prop head */
export class GeometryAdvice extends LitElement {
  static override styles = [...sharedStyles, arrayStyles];
  static override properties: PropertyDeclarations = {
    head: { attribute: false },
    walk: { state: true },
    advice: { state: true },
    wrong: { state: true },
    done: { state: true },
    told: { state: true },
  };

  declare head: ArrayHead;
  declare walk: Walk | undefined;
  declare advice: Advice | undefined;
  declare wrong: ExaError | undefined;
  /** Fraction of a copy into other chunks, while it is under way. */
  declare done: number | undefined;
  declare told: string;

  readonly #client = new ContextConsumer(this, { context: dataClientContext, subscribe: true });
  #copying: AbortController | undefined;

  constructor() {
    super();
    updateWhenLocaleChanges(this);
    this.told = '';
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#copying?.abort();
  }

  async #ask(walk: Walk): Promise<void> {
    this.walk = walk;
    this.advice = undefined;
    this.wrong = undefined;
    try {
      const advice = await this.#client.value?.arrays.advise(this.head.id, walk);
      if (this.walk === walk) this.advice = advice;
    } catch (error) {
      this.wrong = toExaError(error);
    }
  }

  async #rechunk(topology: Advice['topology']): Promise<void> {
    this.#copying = new AbortController();
    this.done = 0;
    this.wrong = undefined;
    try {
      await this.#client.value?.arrays.rechunk(this.head.id, topology, {
        signal: this.#copying.signal,
        progress: (done) => {
          this.done = done;
        },
      });
      this.told = msg('Done: the array has its new chunks.');
      if (this.walk) await this.#ask(this.walk);
    } catch (error) {
      const known = toExaError(error);
      if (known.tag !== 'cancelled') this.wrong = known;
    }
    this.done = undefined;
  }

  protected override render(): unknown {
    const formats = formatsFor(this);
    const { head, advice } = this;
    const chunk = head.chunk.map((side) => groupDigits(BigInt(side))).join(' × ');
    return html`<div class="geometry">
      <label class="field"
        >${msg('Mostly read by')}
        <select @change=${(event: Event) => this.#choose((event.target as HTMLSelectElement).value)}>
          <option value="">${msg('choose a use')}</option>
          ${walks.map((walk) => html`<option value=${walk} ?selected=${walk === this.walk}>${walkWords(walk)}</option>`)}
        </select>
      </label>
      <p aria-live="polite">
        ${msg(html`Chunks of <b>${chunk}</b>, ${formats.number(head.chunks)} written.`)}
        ${this.#sentence(advice)} ${this.told}
      </p>
      ${
        this.done !== undefined
          ? html`<progress max="1" .value=${this.done} aria-label=${msg('Copying into other chunks')}></progress>
              <button class="button" @click=${() => this.#copying?.abort()}>${msg('Cancel')}</button>`
          : advice?.sentence
            ? html`<button class="button" @click=${() => void this.#rechunk(advice.topology)}>${msg('Rechunk')}</button>`
            : nothing
      }
      ${this.wrong ? html`<p class="wrong" role="alert">${this.wrong.message}</p>` : nothing}
    </div>`;
  }

  #choose(value: string): void {
    const walk = walks.find((one) => one === value);
    if (walk) void this.#ask(walk);
  }

  #sentence(advice: Advice | undefined): string {
    if (!advice) return '';
    return advice.sentence ?? msg('They suit this use: no others would be twice as cheap.');
  }
}

function walkWords(walk: Walk): string {
  const words: Record<Walk, string> = {
    rows: msg('rows'),
    columns: msg('columns'),
    tiles: msg('tiles'),
    random: msg('single elements'),
  };
  return words[walk];
}

if (!customElements.get('exa-geometry-advice')) customElements.define('exa-geometry-advice', GeometryAdvice);

import { localized, msg } from '@lit/localize';
import { css, html, LitElement, nothing, type PropertyDeclarations } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { Filter } from '../../protocol/query.ts';
import { icon } from '../icons.ts';
import { sharedStyles } from '../theme/base.styles.ts';

/** Gadgets that make sense alone in somebody else's page. */
const offered = ['exa-orders', 'exa-explore', 'exa-figure', 'exa-trend', 'exa-bars', 'exa-grid'] as const;
type Offered = (typeof offered)[number];

/** What a portal is given: who its tokens let see what, and the gadget. */
export interface EmbedChoice {
  readonly gadget: Offered;
  readonly dataset: string;
  readonly where?: Filter;
}

/**
 * A key for a portal's own server, and what to put where: the store's access file, the portal's server, its page.
 * @prop datasets @prop store The store's address
 */
export class EmbedSettings extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      :host {
        display: block;
      }
      .choices {
        display: flex;
        flex-wrap: wrap;
        gap: 12px;
        margin: 12px 0;
      }
      label {
        display: grid;
        gap: 4px;
        flex: 1 1 160px;
      }
      label span {
        color: var(--exa-muted);
        font-size: var(--exa-size-meta);
      }
      select,
      input {
        width: 100%;
        height: 32px;
        padding: 0 8px;
        border: 1px solid var(--exa-border-strong);
        border-radius: var(--exa-radius);
        background: var(--exa-surface);
        color: inherit;
        font: inherit;
      }
      h3 {
        margin-top: 16px;
        font-weight: 500;
      }
      .code {
        position: relative;
        margin-top: 4px;
      }
      pre {
        overflow: auto;
        padding: 8px 40px 8px 12px;
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
        font-size: var(--exa-size-meta);
        line-height: 1.5;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
      }
      iframe {
        width: 100%;
        height: 420px;
        border: 1px solid var(--exa-border);
        border-radius: var(--exa-radius);
      }
      .code .button {
        position: absolute;
        top: 4px;
        inset-inline-end: 4px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    datasets: { attribute: false },
    store: {},
    gadget: { state: true },
    source: { state: true },
    column: { state: true },
    value: { state: true },
    key: { state: true },
    copied: { state: true },
    shown: { state: true },
  };

  declare datasets: readonly DatasetSummary[];
  declare store: string;
  declare gadget: Offered;
  declare source: string;
  declare column: string;
  declare value: string;
  /** Never kept, nor sent anywhere: gone when the view is. */
  declare key: string | undefined;
  declare copied: string;
  /** Whether the preview is. */
  declare shown: boolean;

  constructor() {
    super();
    this.datasets = [];
    this.store = '';
    this.gadget = 'exa-orders';
    this.source = '';
    this.column = '';
    this.value = '';
    this.copied = '';
    this.shown = false;
  }

  get #chosen(): DatasetSummary | undefined {
    return this.datasets.find(({ id }) => id === this.source) ?? this.datasets[0];
  }

  protected override render(): unknown {
    const chosen = this.#chosen;
    if (!chosen)
      return html`<p class="meta">${msg('Once the store has a data set, it can be shown in other pages, too.')}</p>`;
    const own = chosen.profile.dimensions.filter((reference) => !reference.includes('.'));
    const label = (reference: string) => chosen.profile.labels[reference] ?? reference;
    const where: Filter | undefined =
      own.includes(this.column) && this.value !== ''
        ? { op: 'in', column: this.column, values: [this.value] }
        : undefined;
    const choice: EmbedChoice = { gadget: this.gadget, dataset: chosen.id, ...(where && { where }) };
    return html`
      <p class="meta">${msg('A portal shows a gadget to its own users: its server signs a short-lived token that says what each may see.')}</p>
      <div class="choices">
        ${this.#select(
          msg('Gadget'),
          this.gadget,
          offered.map((tag) => [tag, tag]),
          (value) => {
            this.gadget = value as Offered;
          },
        )}
        ${this.#select(
          msg('Data set'),
          chosen.id,
          this.datasets.map(({ id, name, profile }) => [id, profile.label || name]),
          (value) => {
            this.source = value;
            this.column = '';
          },
        )}
        ${this.#select(
          msg('Only rows whose'),
          this.column,
          [['', msg('All rows')], ...own.map((one) => [one, label(one)] as const)],
          (value) => {
            this.column = value;
          },
        )}
        ${
          this.column === ''
            ? nothing
            : html`<label><span>${msg('is')}</span><input .value=${this.value} @input=${(event: Event) => {
                this.value = (event.target as HTMLInputElement).value;
              }} /></label>`
        }
      </div>
      ${
        this.key === undefined
          ? html`<button class="button" @click=${() => this.#makeKey()}>${msg('Make a key')}</button>`
          : html`${this.#code('access', msg('In the store’s access file'), accessText(this.key, choice, this.store))}
            ${this.#code('server', msg('On the portal’s server, for each user'), serverText(choice, this.store))}
            ${this.#code('page', msg('In the portal’s page'), pageText(choice, this.store))} ${this.#preview(choice)}
            <p class="meta">${msg('The key is shown once and kept nowhere here. Who has it can sign tokens.')}</p>`
      }
      <span class="hidden-text" role="status">${this.copied === '' ? '' : msg('Copied')}</span>
    `;
  }

  #select(
    label: string,
    value: string,
    options: readonly (readonly [string, string])[],
    chosen: (value: string) => void,
  ): unknown {
    return html`<label>
      <span>${label}</span>
      <select @change=${(event: Event) => chosen((event.target as HTMLSelectElement).value)}>
        ${options.map(([id, name]) => html`<option value=${id} ?selected=${id === value}>${name}</option>`)}
      </select>
    </label>`;
  }

  #code(id: string, title: string, text: string): unknown {
    return html`<h3>${title}</h3>
      <div class="code">
        <pre tabindex="0" aria-label=${title}>${text}</pre>
        <button class="button quiet icon-only" aria-label="${msg('Copy')}: ${title}" @click=${() => void this.#copy(id, text)}>
          ${icon(this.copied === id ? 'check' : 'copy')}
        </button>
      </div>`;
  }

  /** The gadget as that page shows it, once somebody asks for it. */
  #preview({ gadget, dataset }: EmbedChoice): unknown {
    const title = msg('Preview');
    if (!this.shown)
      return html`<p>
        <button class="button" @click=${() => {
          this.shown = true;
        }}>${msg('Show a preview')}</button>
      </p>`;
    const address = `${this.store}/embed/v1/frame.html#${gadget}?dataset=${encodeURIComponent(dataset)}`;
    return html`<h3>${title}</h3>
      <iframe title=${title} src=${address}></iframe>
      <p class="meta">${msg('As you see it. Users of the portal see only what their token lets them.')}</p>`;
  }

  #makeKey(): void {
    const bytes = crypto.getRandomValues(new Uint8Array(32));
    this.key = btoa(String.fromCharCode(...bytes))
      .replaceAll('+', '-')
      .replaceAll('/', '_')
      .replace(/=+$/, '');
  }

  async #copy(id: string, text: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.copied = id;
    } catch {
      // The text is there to be selected.
      this.copied = '';
    }
  }
}

/** The key, and the most that its tokens may let see. */
function accessText(key: string, { dataset }: EmbedChoice, store: string): string {
  const rights = { datasets: { [dataset]: {} }, arrays: [] };
  return `"audience": ${JSON.stringify(store)},
"keys": [${JSON.stringify({ id: 'portal', secret: key, rights }, null, 2)}]`;
}

function serverText({ gadget, dataset, where }: EmbedChoice, store: string): string {
  const exa = { datasets: { [dataset]: where ? { where } : {} }, gadgets: [gadget] };
  return `import { SignJWT } from 'jose';

const token = await new SignJWT({ exa: ${JSON.stringify(exa)} })
  .setProtectedHeader({ alg: 'HS256', kid: 'portal' })
  .setSubject(user.id)
  .setAudience('${store}')
  .setIssuedAt()
  .setExpirationTime('10m')
  .sign(Buffer.from(process.env.PORTAL_KEY, 'base64url'));`;
}

function pageText({ gadget, dataset }: EmbedChoice, store: string): string {
  return `<script type="module" src="${store}/embed/v1/embed.js"></script>
<${gadget} store="${store}" dataset="${dataset}" token="…"></${gadget}>`;
}

localized()(EmbedSettings);
if (!customElements.get('exa-embed-settings')) customElements.define('exa-embed-settings', EmbedSettings);

import { css, html, LitElement, type PropertyDeclarations } from 'lit';
import { ExaError } from '../../protocol/errors.ts';
import { SizeController } from '../size-controller.ts';
import { type Scheme, schemeOf } from '../theme/palette.ts';
import { inTurn } from './draw-queue.ts';
import type { Figure, PlotArea } from './figure.ts';

type Engine = typeof import('./engine.ts');

/** Bubbling: the figure is drawn; where its axes lie, for layers above it. */
export type DrawnEvent = CustomEvent<PlotArea>;

/**
 * Draws a {@link Figure}. Plotly is loaded when the first one is drawn; it follows size and colour scheme.
 * Hidden from assistive technology: the gadget round it has the name, the summary and the table.
 */
export class PlotElement extends LitElement {
  static override styles = css`
    :host {
      display: block;
      position: relative;
      height: 200px;
      outline-color: light-dark(#000, #fff);
      transition: outline-color 1ms;
    }
    .plot {
      position: absolute;
      inset: 0;
    }
  `;

  static override properties: PropertyDeclarations = { figure: { attribute: false } };

  /** Made anew when it, the size or the scheme changes; keep one function as long as its figure stands. */
  declare figure: ((scheme: Scheme) => Figure) | undefined;

  #engine: Engine | undefined;
  /** The last drawing asked for. */
  #drawing: Promise<void> = Promise.resolve();
  /** One waits for its turn: it will draw what is to be shown then. */
  #isWaiting = false;
  /** What the picture was made of. */
  #drawn: readonly unknown[] = [];

  constructor() {
    super();
    new SizeController(this);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.setAttribute('aria-hidden', 'true');
    // `light-dark()` above changes with the scheme, and a transition tells so.
    this.addEventListener('transitionrun', this.#rescheme);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.removeEventListener('transitionrun', this.#rescheme);
    const div = this.#div();
    this.#drawn = [];
    if (div) this.#engine?.eraseFigure(div);
  }

  /**
   * The picture as a data URL, or that of another figure of the same size: where a light layer draws the data, the whole.
   * Throws `missing` before the first drawing.
   */
  async image(format: 'png' | 'svg', other?: (scheme: Scheme) => Figure): Promise<string> {
    await this.#drawing;
    const div = this.#div();
    if (!div || !this.#engine) throw new ExaError('missing', 'There is no picture yet to export.');
    if (!other) return this.#engine.imageOf(div, format);
    return this.#engine.imageOfFigure(div, other(schemeOf(this)), schemeOf(this), format);
  }

  protected override render(): unknown {
    return html`<div class="plot"></div>`;
  }

  protected override updated(): void {
    if (this.#isWaiting || !this.figure) return;
    this.#isWaiting = true;
    this.#drawing = this.#load()
      .then(() => inTurn(() => this.#draw()))
      .catch((error: unknown) => this.#failed(error));
  }

  /** Before its turn: others need not wait for it. */
  async #load(): Promise<void> {
    try {
      this.#engine ??= await import('./engine.ts');
      await this.#engine.rehearsed();
    } catch (error) {
      this.#isWaiting = false;
      throw error;
    }
  }

  async #draw(): Promise<void> {
    this.#isWaiting = false;
    const figure = this.figure;
    const div = this.#div();
    if (!figure || !div || !this.#engine || !this.isConnected) return;
    const { clientWidth, clientHeight } = div;
    const scheme = schemeOf(this);
    const wanted = [figure, clientWidth, clientHeight, scheme];
    if (clientWidth === 0 || clientHeight === 0 || wanted.every((part, i) => part === this.#drawn[i])) return;
    // A failed drawing leaves nothing to compare with.
    this.#drawn = [];
    const root = this.shadowRoot;
    const styles = this.#engine.plotlyStyles();
    if (root && !root.adoptedStyleSheets.includes(styles))
      root.adoptedStyleSheets = [...root.adoptedStyleSheets, styles];
    const area = await this.#engine.drawFigure(div, figure(scheme), scheme);
    this.#drawn = wanted;
    this.dispatchEvent(new CustomEvent('exa-drawn', { bubbles: true, detail: area }));
  }

  #failed(cause: unknown): void {
    const detail = new ExaError('broken', 'The chart could not be drawn. Its table still can be read.', {
      cause,
    });
    this.dispatchEvent(new CustomEvent('exa-error', { bubbles: true, composed: true, detail }));
  }

  readonly #rescheme = (event: TransitionEvent): void => {
    if (event.target === this) this.requestUpdate();
  };

  #div(): HTMLElement | null {
    return this.renderRoot?.querySelector<HTMLElement>('.plot') ?? null;
  }
}

if (!customElements.get('exa-plot')) customElements.define('exa-plot', PlotElement);

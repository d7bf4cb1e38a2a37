import { css, type PropertyDeclarations } from 'lit';
import { columnLabel } from '../column-label.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';

/**
 * The declared keys of a table, by name; a dash where it has none.
 * @prop source Data set, undefined for none
 */
export class KeyNames extends Gadget<Record<string, never>> {
  static override styles = [
    gadgetStyles,
    css`
      :host {
        display: inline-block;
      }
    `,
  ];
  static override properties: PropertyDeclarations = { source: { attribute: false } };

  declare source: string | undefined;

  readonly #head = new HeadController(this, () => this.source);

  protected override initialState(): Record<string, never> {
    return {};
  }

  protected override ownPhase(phase: Gadget['phase']): Gadget['phase'] {
    return phase === 'idle' ? 'ready' : phase;
  }

  protected override skeleton(): unknown {
    return '';
  }

  protected override view(): unknown {
    const head = this.#head.head;
    return head ? head.profile.keys.map((key) => columnLabel(key, head)).join(', ') : '—';
  }
}

defineGadget('exa-key-names', KeyNames);

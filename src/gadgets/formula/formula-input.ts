import {
  autocompletion,
  type Completion,
  type CompletionContext,
  type CompletionResult,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { setDiagnostics } from '@codemirror/lint';
import { Compartment, EditorState } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  MatchDecorator,
  ViewPlugin,
  type ViewUpdate,
} from '@codemirror/view';
import { css, html, LitElement, type PropertyDeclarations } from 'lit';
import { sharedStyles } from '../theme/base.styles.ts';
import type { Choice, Choices } from './completion.ts';
import { functionWords } from './function-words.ts';

/** Where a formula is wrong, and how. */
export interface FormulaFault {
  readonly at: number;
  readonly end: number;
  readonly sentence: string;
}

/**
 * A text field for formulas: completion, colours, what is wrong underlined. Tab leaves it; Ctrl/⌘ + Enter accepts.
 * @prop value @prop label Its name @prop described Id of what describes it, in this root @prop fault
 * @prop choices What fits at a caret
 * @event exa-input `detail`: the text @event exa-accept
 */
export class FormulaInput extends LitElement {
  static override styles = [
    ...sharedStyles,
    css`
      .frame {
        min-height: 72px;
        border: 1px solid var(--exa-border-strong);
        border-radius: 4px;
        background: var(--exa-surface);
      }
      .frame:focus-within {
        outline: var(--exa-focus);
        outline-offset: 1px;
      }
    `,
  ];
  static override properties: PropertyDeclarations = {
    value: { attribute: false },
    label: { type: String },
    about: { type: String },
    fault: { attribute: false },
    choices: { attribute: false },
  };

  declare value: string;
  declare label: string;
  /** Read out after the name: what is wrong, or what the formula gives. */
  declare about: string;
  declare fault: FormulaFault | undefined;
  declare choices: ((text: string, caret: number) => Choices | undefined) | undefined;

  #view: EditorView | undefined;
  readonly #named = new Compartment();

  constructor() {
    super();
    this.value = '';
    this.label = '';
    this.about = '';
  }

  override focus(): void {
    this.#view?.focus();
  }

  protected override firstUpdated(): void {
    const parent = this.renderRoot.querySelector('.frame');
    if (!parent) return;
    this.#view = new EditorView({
      parent,
      root: this.shadowRoot ?? document,
      state: EditorState.create({
        doc: this.value,
        extensions: [
          history(),
          closeBrackets(),
          autocompletion({ override: [(context) => this.#complete(context)], icons: false }),
          keymap.of([
            { key: 'Mod-Enter', run: () => this.#accept() },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap,
          ]),
          EditorView.lineWrapping,
          colours,
          theme,
          this.#named.of([]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged) return;
            this.value = update.state.doc.toString();
            this.dispatchEvent(new CustomEvent('exa-input', { detail: this.value }));
          }),
        ],
      }),
    });
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#view?.destroy();
    this.#view = undefined;
  }

  protected override updated(): void {
    const view = this.#view;
    if (!view) return;
    const text = view.state.doc.toString();
    if (text !== this.value) view.dispatch({ changes: { from: 0, to: text.length, insert: this.value } });
    const { length } = view.state.doc;
    const { fault } = this;
    const from = Math.min(fault?.at ?? 0, length);
    // At the end there is nothing to underline but what comes before.
    const to = Math.min(Math.max(fault?.end ?? 0, from), length);
    const diagnostics = fault
      ? [
          {
            from: from === to ? Math.max(0, from - 1) : from,
            to,
            severity: 'error' as const,
            message: fault.sentence,
          },
        ]
      : [];
    view.dispatch(setDiagnostics(view.state, diagnostics), {
      effects: this.#named.reconfigure(
        EditorView.contentAttributes.of({
          'aria-label': this.label,
          'aria-description': this.about,
          ...(fault && { 'aria-invalid': 'true' }),
          spellcheck: 'false',
        }),
      ),
    });
  }

  #accept(): boolean {
    this.dispatchEvent(new CustomEvent('exa-accept'));
    return true;
  }

  #complete(context: CompletionContext): CompletionResult | null {
    const found = this.choices?.(context.state.doc.toString(), context.pos);
    if (!found || (!context.explicit && found.from === context.pos)) return null;
    return { from: found.from, options: found.choices.map(optionOf), filter: false };
  }

  protected override render(): unknown {
    return html`<div class="frame"></div>`;
  }
}

function optionOf(choice: Choice): Completion {
  if (choice.kind !== 'function')
    return { label: choice.insert, displayLabel: choice.label, detail: choice.of, type: choice.kind };
  const { signature, about } = functionWords(choice.of);
  return { label: choice.insert, displayLabel: signature, detail: about, type: 'function' };
}

const marks = new MatchDecorator({
  regexp:
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|\b\d+(?:\.\d+)?|[\p{L}_][\p{L}\p{N}_]*(?=\s*\()|\b(?:and|or|not|null|true|false)\b/giu,
  decoration: ([text]) => {
    const kind = text!.startsWith("'")
      ? 'text'
      : text!.startsWith('"')
        ? 'column'
        : /^\d/.test(text!)
          ? 'number'
          : 'function';
    return Decoration.mark({ class: `exa-${kind}` });
  },
});

const colours = ViewPlugin.fromClass(
  class {
    decorations;
    constructor(view: EditorView) {
      this.decorations = marks.createDeco(view);
    }
    update(update: ViewUpdate): void {
      this.decorations = marks.updateDeco(update, this.decorations);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

const theme = EditorView.theme({
  '&': { color: 'var(--exa-text)', fontSize: '14px' },
  '&.cm-focused': { outline: 'none' },
  '.cm-content': {
    fontFamily: 'var(--exa-mono)',
    padding: '8px',
    minHeight: '56px',
    caretColor: 'var(--exa-text)',
  },
  '.cm-cursor': { borderLeftColor: 'var(--exa-text)' },
  '.cm-line': { padding: '0' },
  '.exa-text': { color: 'var(--exa-success)' },
  '.exa-number': { color: 'var(--exa-warning)' },
  '.exa-function': { color: 'var(--exa-accent-text)' },
  '.cm-lintRange-error': {
    backgroundImage: 'none',
    textDecoration: 'underline wavy var(--exa-danger)',
    textDecorationSkipInk: 'none',
    textUnderlineOffset: '3px',
  },
  '.cm-tooltip': {
    border: '1px solid var(--exa-border)',
    borderRadius: 'var(--exa-radius)',
    background: 'var(--exa-raised)',
    color: 'var(--exa-text)',
    overflow: 'hidden',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--exa-font)',
    maxHeight: '240px',
    maxWidth: 'min(560px, 92vw)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': { padding: '4px 8px', lineHeight: '1.4' },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    background: 'var(--exa-accent-soft)',
    color: 'var(--exa-text)',
  },
  '.cm-completionDetail': { color: 'var(--exa-muted)', fontStyle: 'normal', fontSize: '12px' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '600' },
  '.cm-tooltip-lint': { padding: '4px 8px' },
});

if (!customElements.get('exa-formula-input')) customElements.define('exa-formula-input', FormulaInput);

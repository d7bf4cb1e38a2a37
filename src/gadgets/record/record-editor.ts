import { msg, str } from '@lit/localize';
import { html } from 'lit';

/** A field that is being changed. */
export interface FieldEditor {
  readonly label: string;
  readonly value: string;
  readonly save: (typed: string) => void;
  readonly cancel: () => void;
}

/** A field's form: what is typed, Save, Cancel. */
export function fieldEditor({ label, value, save, cancel }: FieldEditor): unknown {
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    save(String(new FormData(event.currentTarget as HTMLFormElement).get('value') ?? ''));
  };
  return html`<div class="field">
    <dt>${label}</dt>
    <dd>
      <form class="editor" @submit=${submit}>
        <input name="value" aria-label=${label} autocomplete="off" .value=${value} />
        <button class="button primary">${msg('Save')}</button>
        <button type="button" class="button quiet" @click=${cancel}>${msg('Cancel')}</button>
      </form>
    </dd>
  </div>`;
}

/** Why what was typed cannot be a field's value. */
export function wrongWords(wrong: 'number' | 'date' | 'bool', typed: string, label: string): string {
  if (wrong === 'number') return msg(str`“${typed}” is not a number, as ${label} needs.`);
  if (wrong === 'date') return msg(str`“${typed}” is not a date, as ${label} needs: write 2026-03-14.`);
  return msg(str`“${typed}” is neither true nor false, as ${label} needs.`);
}

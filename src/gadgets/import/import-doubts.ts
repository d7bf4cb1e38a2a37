import { msg, str } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ExaError } from '../../protocol/errors.ts';
import type { ImportDecisions, ImportDoubt } from '../../protocol/import.ts';
import type { Formats } from '../format.ts';
import { icon } from '../icons.ts';
import { doubtSentence, remedyOf } from './import-words.ts';

/** What choosing does. */
export interface Choices {
  readonly decide: (decisions: ImportDecisions) => void;
  /** Gives the file up. */
  readonly stop: () => void;
}

interface Choice {
  readonly label: string;
  readonly act: () => void;
}

/** One of the things the data cannot decide: its sentence and the choices. Nothing is stored before. */
export function doubtCard(doubt: ImportDoubt, { decide, stop }: Choices, formats: Formats): unknown {
  return card(doubtSentence(doubt, formats), choicesOf(doubt, decide, stop));
}

function choicesOf(
  { kind, column }: ImportDoubt,
  decide: Choices['decide'],
  stop: () => void,
): readonly Choice[] {
  if (kind === 'date-order')
    return [
      { label: msg('Day first'), act: () => decide({ dateOrder: 'dmy' }) },
      { label: msg('Month first'), act: () => decide({ dateOrder: 'mdy' }) },
      { label: msg('Keep as text'), act: () => decide({ types: { [column]: { kind: 'text' } } }) },
    ];
  if (kind === 'decimal-mark')
    return [
      { label: msg('Decimal comma'), act: () => decide({ decimal: ',' }) },
      { label: msg('Thousands'), act: () => decide({ decimal: '.' }) },
      { label: msg('Keep as text'), act: () => decide({ types: { [column]: { kind: 'text' } } }) },
    ];
  return valueChoices(column, decide, stop);
}

function valueChoices(column: string, decide: Choices['decide'], stop: () => void): readonly Choice[] {
  return [
    { label: msg('Keep as text'), act: () => decide({ types: { [column]: { kind: 'text' } } }) },
    { label: msg('Skip row'), act: () => decide({ bad: 'skip' }) },
    { label: msg('Stop'), act: stop },
  ];
}

/** A failed step: its sentence, and what can be decided about it. */
export function failureCard(
  error: ExaError,
  { decide, stop }: Choices,
  retry: () => void,
  formats: Formats,
): unknown {
  const { facts } = error;
  switch (remedyOf(error)) {
    case 'value': {
      const at = formats.number(Number(facts.row));
      const column = String(facts.column);
      const value = String(facts.value);
      return card(
        msg(str`Row ${at}, ${column}: “${value}” does not fit its column.`),
        valueChoices(column, decide, stop),
      );
    }
    case 'ragged': {
      const at = formats.number(Number(facts.row));
      const cells = formats.number(Number(facts.cells));
      const expected = formats.number(Number(facts.expected));
      return card(msg(str`Row ${at} has ${cells} cells where the header has ${expected}.`), [
        { label: msg('Cut or fill such rows'), act: () => decide({ ragged: 'pad' }) },
        { label: msg('Skip such rows'), act: () => decide({ bad: 'skip' }) },
        { label: msg('Stop'), act: stop },
      ]);
    }
    case 'none':
      return card(error.message, [
        ...(error.tag === 'invalid' ? [] : [{ label: msg('Retry'), act: retry }]),
        { label: msg('Choose another file'), act: stop },
      ]);
  }
}

function card(sentence: string, choices: readonly Choice[]): unknown {
  return html`<div class="doubt" role="group" aria-label=${sentence}>
    ${icon('alert')}
    <p>${sentence} <span class="meta">${msg('Nothing stored yet.')}</span></p>
    ${choices.length === 0 ? nothing : choices.map(({ label, act }) => html`<button class="button" @click=${act}>${label}</button>`)}
  </div>`;
}

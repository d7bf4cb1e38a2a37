import { msg } from '@lit/localize';
import { html, nothing } from 'lit';
import type { ArrayHead } from '../../protocol/array.ts';
import { elementsIn } from '../exact/extent.ts';
import { icon } from '../icons.ts';
import { leadingFields, lineChips, timeFields } from './array-fields.ts';
import type { ArrayPlace, ArrayState } from './array-place.ts';
import { modelLink } from './model-link.ts';
import { printSlice } from './slice-text.ts';

/** What the tools above an array show, and what they do. */
export interface ArrayTools {
  readonly head: ArrayHead;
  readonly kind: 'lines' | 'map';
  readonly place: ArrayPlace;
  readonly state: ArrayState;
  /** Why what was typed is no place: an index, or a part. */
  readonly wrongIndex: string;
  readonly wrongSlice: string;
  /** What came of the last step. */
  readonly told: string;
  readonly keep: (part: Partial<ArrayState>) => void;
  readonly refuse: (sentence: string) => void;
  readonly region: (towards: 1 | -1) => void;
  readonly goIndex: (event: Event) => void;
  readonly goSlice: (event: Event) => void;
}

type Shown = Parameters<typeof printSlice>[0];

/** The part in view along every axis. */
function shownPart({ head, kind, place, state }: ArrayTools): Shown {
  const [down, across] = [elementsIn(place.extent), elementsIn(place.across)];
  const one = (at: bigint) => ({ start: at, end: at + 1n, isOne: true });
  const [line, ...more] = place.lines;
  return head.shape.map((_, axis) => {
    if (axis < place.rowAxis) return one(place.leading[axis]!);
    if (axis === place.rowAxis) return { ...down, isOne: down.end - down.start === 1n };
    return kind === 'lines' && state.lines !== '' && line !== undefined && more.length === 0
      ? one(line)
      : { ...across, isOne: false };
  });
}

/** Ways to another part of an array: written regions, an index, a slice, a time, a plane, the lines drawn. */
export function arrayTools(tools: ArrayTools): unknown {
  const { head, kind, place, state, wrongIndex, wrongSlice, told, keep } = tools;
  const shown = shownPart(tools);
  return html`<div class="tools">
    <span class="pair" role="group" aria-label=${msg('Written regions')}>
      <button class="button" title=${msg('Previous written region')} @click=${() => tools.region(-1)}>
        ${icon('chevron-left')}<span class="hidden-text">${msg('Previous written region')}</span>
      </button>
      <button class="button" @click=${() => tools.region(1)}>
        ${msg('Next written region')}${icon('chevron-right')}
      </button>
    </span>
    <form class="field go" @submit=${tools.goIndex}>
      <label for="index">${kind === 'map' ? msg('Go to row, column') : msg('Go to row')}</label>
      <input
        id="index"
        autocomplete="off"
        spellcheck="false"
        placeholder=${kind === 'map' ? '1e8, -1' : '1e17'}
        aria-invalid=${String(wrongIndex !== '')}
        aria-describedby="wrong"
      />
    </form>
    <form class="field slice" @submit=${tools.goSlice}>
      <label for="slice">${msg('Part in view')}</label>
      <input
        id="slice"
        autocomplete="off"
        spellcheck="false"
        .value=${printSlice(shown, place.shape)}
        aria-invalid=${String(wrongSlice !== '')}
        aria-describedby="wrong"
      />
    </form>
    ${kind === 'lines' ? timeFields(state, keep) : nothing} ${leadingFields(place, keep, tools.refuse)}
    ${kind === 'lines' && place.columns > 1n ? lineChips(place, keep) : nothing} ${modelLink(head, shown)}
    <p class="wrong" id="wrong" role="alert" ?hidden=${wrongIndex === '' && wrongSlice === ''}>
      ${wrongIndex || wrongSlice}
    </p>
    <p class="told" role="status" ?hidden=${told === ''}>${told}</p>
  </div>`;
}

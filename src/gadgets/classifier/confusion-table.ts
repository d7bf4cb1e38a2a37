import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { ClassifierPicture } from '../../protocol/fit-picture.ts';
import type { Formats } from '../format.ts';

/** Classes a confusion table shows at most: the first; there are seldom more, and a screen holds no more. */
const mostClasses = 12;

/** Which classes are taken for which: a row a true class, shaded by the share of that class. */
export function confusionTable(
  { confusion }: Pick<ClassifierPicture, 'confusion'>,
  className: (at: number) => string,
  formats: Formats,
): unknown {
  const shown = confusion.slice(0, mostClasses);
  return html`<table>
    <caption>
      ${msg('A row for what is, a column for what was told; shaded by the share of the row.')}
      ${confusion.length > mostClasses ? msg(str`The first ${mostClasses} of ${confusion.length} classes.`) : ''}
    </caption>
    <thead>
      <tr>
        <th scope="col">${msg('is ↓ told →')}</th>
        ${shown.map((_, k) => html`<th scope="col" class="amount">${className(k)}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${shown.map((row, k) => {
        const total = row.reduce((sum, count) => sum + count, 0);
        return html`<tr>
          <th scope="row">${className(k)}</th>
          ${row.slice(0, mostClasses).map((count, j) => {
            const share = total > 0 ? count / total : 0;
            const hue = j === k ? 'var(--exa-series-1)' : 'var(--exa-series-2)';
            return html`<td style="background:color-mix(in srgb, ${hue} ${Math.round(share * 38)}%, transparent)">
              ${formats.number(count)} <span class="meta">${formats.percent(share, { digits: 0 })}</span>
            </td>`;
          })}
        </tr>`;
      })}
    </tbody>
  </table>`;
}

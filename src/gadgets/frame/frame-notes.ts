import { msg, str } from '@lit/localize';
import { html } from 'lit';
import type { Status } from '../../protocol/client.ts';
import { icon } from '../icons.ts';

/** What is said above any view. */
export interface FrameNotes {
  /** Parts of the URL that were not understood. */
  readonly dropped: readonly string[];
  /** Columns that are no longer there, by name: what used them was left out. */
  readonly missing: readonly string[];
  readonly dismiss: () => void;
  readonly status: Status | undefined;
  /** The view says by itself that no store was ever reached. */
  readonly saysOfflineItself: boolean;
  readonly retry: () => void;
  /** Puts a newer release in place, when there is one. */
  readonly newer: (() => void) | undefined;
  /** The sign-in has ended; what is shown stands as it was. */
  readonly signInAgain?: (() => void) | undefined;
}

export function frameNotes({
  dropped,
  missing,
  dismiss,
  status,
  saysOfflineItself,
  retry,
  newer,
  signInAgain,
}: FrameNotes): unknown {
  const notes: unknown[] = [];
  if (dropped.length > 0) {
    const parts = dropped.map((part) => `“${part}”`).join(', ');
    notes.push(
      note(
        msg(str`The address held parts that are not understood and were left out: ${parts}.`),
        html`<button class="button quiet" @click=${dismiss}>${msg('Dismiss')}</button>`,
      ),
    );
  }
  if (missing.length > 0) {
    const names = missing.map((name) => `“${name}”`).join(', ');
    notes.push(
      note(
        missing.length === 1
          ? msg(str`The column ${names} is no longer there: what used it was left out, the rest is shown.`)
          : msg(
              str`The columns ${names} are no longer there: what used them was left out, the rest is shown.`,
            ),
        html`<button class="button quiet" @click=${dismiss}>${msg('Dismiss')}</button>`,
      ),
    );
  }
  if (status?.connection === 'offline' && status.asOf === null && !saysOfflineItself)
    notes.push(
      note(
        msg('No store can be reached: only what is kept on this device is shown.'),
        html`<button class="button quiet" @click=${retry}>${msg('Retry')}</button>`,
      ),
    );
  if (status?.keeps === 'memory') notes.push(note(msg('IndexedDB is blocked here: pages stay in memory.')));
  if (signInAgain)
    notes.push(
      note(
        msg('Your sign-in has ended: what is shown is as it was.'),
        html`<button class="button" @click=${signInAgain}>${msg('Sign in again')}</button>`,
      ),
    );
  if (newer)
    notes.push(
      note(
        msg('A newer release is ready.'),
        html`<button class="button" @click=${newer}>${msg('Load it')}</button>`,
      ),
    );
  return notes;
}

function note(sentence: string, way: unknown = ''): unknown {
  return html`<p class="note" role="status">${icon('info')}${sentence} ${way}</p>`;
}

import { html, nothing } from 'lit';
import type { GadgetLoader } from '../gadget-loader.ts';
import type { AccountController } from './account-controller.ts';

/** Who is here, in the header; nothing where nobody has to sign in. */
export function accountMenu({ client, session }: AccountController, loader: GadgetLoader): unknown {
  if (session?.user === undefined || !loader.has('exa-account-menu')) return nothing;
  return html`<exa-account-menu .account=${client} .session=${session}></exa-account-menu>`;
}

/** Stands in the view's place until somebody has signed in. */
export function signIn({ client, session, error }: AccountController, loader: GadgetLoader): unknown {
  if (!loader.has('exa-sign-in')) return nothing;
  return html`<exa-sign-in .account=${client} .session=${session} .error=${error}></exa-sign-in>`;
}

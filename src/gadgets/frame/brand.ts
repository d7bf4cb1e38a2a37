import { html } from 'lit';

/** The mark: pages in layers, the newest in front. Also drawn by `public/icon-192.png`. */
export const brandMark = html`<svg viewBox="0 0 24 24" fill="none" aria-hidden="true">
  <rect x="8" y="3" width="13" height="13" rx="2.5" fill="#cc79a7" />
  <rect x="5.5" y="5.5" width="13" height="13" rx="2.5" fill="#009e73" />
  <rect x="3" y="8" width="13" height="13" rx="2.5" fill="#0072b2" />
  <path d="M6 18v-3M9.5 18v-7M13 18v-5" stroke="#fff" stroke-width="1.8" stroke-linecap="round" />
</svg>`;

import { html, type TemplateResult } from 'lit';

/** Outlines drawn for this project on a 24 × 24 grid, stroke 1.75, round ends. */
const shapes = {
  home: '<path d="M4 11.2 12 4.5l8 6.7"/><path d="M6 9.8V19h12V9.8"/><path d="M10 19v-5h4v5"/>',
  explore: '<circle cx="12" cy="12" r="8.2"/><path d="m15.6 8.4-2.2 5-5 2.2 2.2-5z"/>',
  orders: '<path d="M6 3.5h12V20l-3-1.8L12 20l-3-1.8L6 20z"/><path d="M9 8.5h6M9 12.5h6"/>',
  clients:
    '<circle cx="9" cy="8.5" r="3.2"/><path d="M3.2 19c.4-3.4 2.7-5.4 5.8-5.4s5.4 2 5.8 5.4"/><path d="M15.6 5.6a3.1 3.1 0 0 1 0 5.8M17.2 14c2 .7 3.3 2.4 3.6 5"/>',
  datasets:
    '<ellipse cx="12" cy="6" rx="7" ry="2.7"/><path d="M5 6v12c0 1.5 3.1 2.7 7 2.7s7-1.2 7-2.7V6"/><path d="M5 12c0 1.5 3.1 2.7 7 2.7s7-1.2 7-2.7"/>',
  settings:
    '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2.2"/><circle cx="9" cy="17" r="2.2"/>',
  search: '<circle cx="10.8" cy="10.8" r="6.3"/><path d="m15.6 15.6 4.6 4.6"/>',
  calendar: '<rect x="4" y="5.5" width="16" height="14.5" rx="2"/><path d="M4 10h16M8.5 3.5v4M15.5 3.5v4"/>',
  filter: '<path d="M4 6h16M7 12h10M10 18h4"/>',
  plus: '<path d="M12 5v14M5 12h14"/>',
  minus: '<path d="M5 12h14"/>',
  x: '<path d="m6 6 12 12M18 6 6 18"/>',
  check: '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
  'chevron-down': '<path d="m6 9.5 6 6 6-6"/>',
  'chevron-up': '<path d="m6 14.5 6-6 6 6"/>',
  'chevron-right': '<path d="m9.5 6 6 6-6 6"/>',
  'chevron-left': '<path d="m14.5 6-6 6 6 6"/>',
  'arrow-up': '<path d="M12 19V5M6 11l6-6 6 6"/>',
  'arrow-down': '<path d="M12 5v14M6 13l6 6 6-6"/>',
  'arrow-right': '<path d="M5 12h14M13 6l6 6-6 6"/>',
  'trend-up': '<path d="m4 16.5 5.5-5.5 4 4L20 8"/><path d="M15 8h5v5"/>',
  'trend-down': '<path d="m4 7.5 5.5 5.5 4-4L20 16"/><path d="M15 16h5v-5"/>',
  panel: '<rect x="3.5" y="4.5" width="17" height="15" rx="2"/><path d="M9.5 4.5v15"/>',
  live: '<circle cx="12" cy="12" r="3.2" fill="currentColor" stroke="none"/><path d="M6.6 6.6a7.6 7.6 0 0 0 0 10.8M17.4 6.6a7.6 7.6 0 0 1 0 10.8"/>',
  updating:
    '<path d="M19.5 12a7.5 7.5 0 0 1-13.4 4.6M4.5 12a7.5 7.5 0 0 1 13.4-4.6"/><path d="M18.3 3.6v4h-4M5.7 20.4v-4h4"/>',
  offline:
    '<path d="M4 4l16 16"/><path d="M8 6.2A6.5 6.5 0 0 1 18 10a4.2 4.2 0 0 1 2 7M16.5 18.5H7.2a4.3 4.3 0 0 1-1-8.4"/>',
  clock: '<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>',
  alert: '<path d="M12 4 2.8 19.5h18.4z"/><path d="M12 10v4.5M12 17v.3"/>',
  info: '<circle cx="12" cy="12" r="8.2"/><path d="M12 11v5.2M12 7.8v.3"/>',
  copy: '<rect x="8.5" y="8.5" width="11" height="11" rx="2"/><path d="M15.5 8.5v-2a2 2 0 0 0-2-2h-7a2 2 0 0 0-2 2v7a2 2 0 0 0 2 2h2"/>',
  download: '<path d="M12 4v11M7 10.5l5 5 5-5M5 20h14"/>',
  trash: '<path d="M5 7h14M10 7V4.5h4V7M7 7l.8 12.5h8.4L17 7M10.2 10.5v5.5M13.8 10.5v5.5"/>',
  edit: '<path d="M4.5 19.5 5.5 15 16 4.5l3.5 3.5L9 18.5z"/><path d="m13.5 7 3.5 3.5"/>',
  more: '<path d="M5.5 12v.01M12 12v.01M18.5 12v.01" stroke-width="2.6"/>',
  link: '<path d="M10 14a4 4 0 0 0 5.7 0l3-3a4 4 0 0 0-5.7-5.7l-1 1"/><path d="M14 10a4 4 0 0 0-5.7 0l-3 3a4 4 0 0 0 5.7 5.7l1-1"/>',
  sun: '<circle cx="12" cy="12" r="3.8"/><path d="M12 3v2.2M12 18.8V21M3 12h2.2M18.8 12H21M5.6 5.6l1.6 1.6M16.8 16.8l1.6 1.6M18.4 5.6l-1.6 1.6M7.2 16.8l-1.6 1.6"/>',
  moon: '<path d="M19.5 14.5A8 8 0 0 1 9.5 4.5a8 8 0 1 0 10 10z"/>',
  keyboard:
    '<rect x="3" y="6.5" width="18" height="11" rx="2"/><path d="M7 10.2v.01M10.4 10.2v.01M13.7 10.2v.01M17 10.2v.01M8 14h8"/>',
  model:
    '<path d="M4 19.5V4.5M4 19.5h15.5"/><path d="M7 15.5c3.5 0 3-8 6-8s2.5 4.5 6 4.5"/><path d="M9 10v.01M16.5 7v.01M12.5 16v.01" stroke-width="2.4"/>',
  table: '<rect x="3.5" y="5" width="17" height="14" rx="2"/><path d="M3.5 9.7h17M3.5 14.3h17M10 9.7V19"/>',
  grip: '<path d="M9 7v.01M15 7v.01M9 12v.01M15 12v.01M9 17v.01M15 17v.01" stroke-width="2.4"/>',
  rows: '<path d="M4 7h16M4 12h16M4 17h16"/>',
  sort: '<path d="M8 5v14M4.5 15.5 8 19l3.5-3.5M16 19V5M12.5 8.5 16 5l3.5 3.5"/>',
  eye: '<path d="M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12z"/><circle cx="12" cy="12" r="2.7"/>',
  array:
    '<rect x="4" y="4" width="7" height="7" rx="1"/><rect x="13.5" y="4" width="6.5" height="7" rx="1"/><rect x="4" y="13.5" width="7" height="6.5" rx="1"/><path d="M13.8 17h.01M16.8 17h.01M19.8 17h.01" stroke-width="2.4"/>',
  whole: '<path d="M9 4.5H4.5V9M15 4.5h4.5V9M9 19.5H4.5V15M15 19.5h4.5V15"/>',
  select: '<path d="M8 4v16M16 4v16"/><path d="M3.5 12H8M20.5 12H16M10.5 12h.01M13.5 12h.01"/>',
  page: '<rect x="3.5" y="4.5" width="7" height="8" rx="1.5"/><rect x="13.5" y="4.5" width="7" height="4" rx="1.5"/><rect x="13.5" y="11.5" width="7" height="8" rx="1.5"/><rect x="3.5" y="15.5" width="7" height="4" rx="1.5"/>',
  compare:
    '<rect x="3.5" y="5" width="7" height="14" rx="1.5"/><rect x="13.5" y="5" width="7" height="14" rx="1.5"/>',
  quote:
    '<path d="M10 7H5.5v5.5H10V7zM10 12.5c0 2.5-1.5 4-4 4.5M18.5 7H14v5.5h4.5V7zM18.5 12.5c0 2.5-1.5 4-4 4.5"/>',
  undo: '<path d="M8.5 5 4.5 9l4 4"/><path d="M4.5 9H14a5.5 5.5 0 0 1 0 11h-3"/>',
  redo: '<path d="m15.5 5 4 4-4 4"/><path d="M19.5 9H10a5.5 5.5 0 0 0 0 11h3"/>',
  bookmark: '<path d="M6.5 4.5h11V20L12 16l-5.5 4z"/>',
  pin: '<path d="M9 4.5h6l-.7 6 3.2 3.5H6.500l3.200-3.500zM12 14v6"/>',
  code: '<path d="m8.5 7.5-4.5 4.5 4.5 4.5M15.5 7.5l4.5 4.5-4.5 4.5M13.5 5.5l-3 13"/>',
  external: '<path d="M13.5 5H19v5.5M19 5l-8.5 8.5M10 6H5v13h13v-5"/>',
} as const;

export type IconName = keyof typeof shapes;

const attributes =
  'viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round"';

/** Whether a name is one of the bundled icons. */
export function isIconName(name: string): name is IconName {
  return Object.hasOwn(shapes, name);
}

/** An icon as SVG text, for icon libraries and files. */
export function iconText(name: IconName): string {
  return `<svg xmlns="http://www.w3.org/2000/svg" ${attributes}>${shapes[name]}</svg>`;
}

/** Made once an icon: what is drawn of the same text again is copied, not parsed. */
const drawn = new Map<IconName, TemplateResult<1>>();

/** A decorative icon (16 px by `.icon` of the shared styles), hidden from assistive technology: a word goes beside it. */
export function icon(name: IconName): TemplateResult<1> {
  const known = drawn.get(name);
  if (known) return known;
  const text = `<svg class="icon" part="icon" ${attributes} aria-hidden="true">${shapes[name]}</svg>`;
  const made = html(Object.assign([text], { raw: [text] }));
  drawn.set(name, made);
  return made;
}

import { ExaError } from '../../protocol/errors.ts';

/** A picture of what is on the screen, by itself in any program. */
export interface Picture {
  readonly svg: string;
  /** CSS px. */
  readonly width: number;
  readonly height: number;
}

/** What stays out: what can only be pressed, and what only assistive technology reads. */
const leftOut = 'exa-card-menu, .button, select, input, textarea, .hidden-text, [popover], [data-no-picture]';

const svgProperties = [
  'fill',
  'fill-opacity',
  'stroke',
  'stroke-width',
  'stroke-opacity',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'opacity',
  'vector-effect',
  'font-family',
  'font-size',
  'font-weight',
  'text-anchor',
  'display',
  'visibility',
] as const;

/**
 * The card as SVG: boxes, texts and drawings of its composed tree, as they are styled now. Texts stay texts. Throws
 * `missing` for a card that has no size.
 */
export async function pictureOf(card: HTMLElement): Promise<Picture> {
  const box = card.getBoundingClientRect();
  if (box.width < 1 || box.height < 1) throw new ExaError('missing', 'There is no picture yet to take away.');
  const walk = new Walk(box);
  const background = getComputedStyle(card).backgroundColor;
  const surface = isClear(background) ? getComputedStyle(card).getPropertyValue('--exa-surface') : background;
  const ground = document.createElement('span');
  ground.style.color = surface || '#fff';
  (card.shadowRoot ?? card).append(ground);
  // Where colours are light-dark() pairs, only a drawn element says which one it is.
  const paper = getComputedStyle(ground).color || '#fff';
  ground.remove();
  await walk.children(card);
  const [width, height] = [Math.ceil(box.width), Math.ceil(box.height)];
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"><rect width="${width}" height="${height}" fill="${xmlText(paper)}"/>${walk.out.join('')}</svg>`;
  return { svg, width, height };
}

/** The picture as PNG, at `scale` times its size. */
export async function rasterOf({ svg, width, height }: Picture, scale = 2): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = width * scale;
  canvas.height = height * scale;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
  if (!blob) throw new ExaError('broken', 'This browser could not make a PNG of the picture.');
  return blob;
}

class Walk {
  readonly out: string[] = [];
  readonly #origin: DOMRect;
  readonly #metrics = new OffscreenCanvas(1, 1).getContext('2d');
  #clips = 0;

  constructor(origin: DOMRect) {
    this.#origin = origin;
  }

  async children(parent: Element): Promise<void> {
    for (const node of composedChildren(parent)) {
      if (node instanceof Text) this.#text(node);
      else if (node instanceof Element) await this.#element(node);
    }
  }

  async #element(element: Element): Promise<void> {
    if (element.matches(leftOut) || element instanceof HTMLStyleElement) return;
    const style = getComputedStyle(element);
    if (style.display === 'none' || style.visibility === 'hidden' || Number(style.opacity) === 0) return;
    const box = element.getBoundingClientRect();
    const isOutside =
      box.bottom < this.#origin.top ||
      box.top > this.#origin.bottom ||
      box.right < this.#origin.left ||
      box.left > this.#origin.right;
    if (isOutside && style.display !== 'contents') return;
    const isFaded = Number(style.opacity) < 1;
    if (isFaded) this.out.push(`<g opacity="${Number(style.opacity)}">`);
    if (element instanceof SVGSVGElement) this.#drawing(element, box);
    else if (element instanceof HTMLCanvasElement)
      this.out.push(`<image ${this.#place(box)} href="${element.toDataURL()}"/>`);
    else {
      this.#boxOf(style, box);
      const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      if (clips) this.#clip(box);
      await this.children(element);
      if (clips) this.out.push('</g>');
    }
    if (isFaded) this.out.push('</g>');
  }

  #place(box: DOMRect): string {
    const [x, y] = [box.left - this.#origin.left, box.top - this.#origin.top];
    return `x="${round(x)}" y="${round(y)}" width="${round(box.width)}" height="${round(box.height)}"`;
  }

  #clip(box: DOMRect): void {
    const id = `exa-clip-${++this.#clips}`;
    this.out.push(`<clipPath id="${id}"><rect ${this.#place(box)}/></clipPath><g clip-path="url(#${id})">`);
  }

  #boxOf(style: CSSStyleDeclaration, box: DOMRect): void {
    if (box.width === 0 || box.height === 0) return;
    const radius = Number.parseFloat(style.borderTopLeftRadius) || 0;
    if (!isClear(style.backgroundColor))
      this.out.push(
        `<rect ${this.#place(box)}${radius > 0 ? ` rx="${radius}"` : ''} fill="${xmlText(style.backgroundColor)}"/>`,
      );
    for (const side of ['Top', 'Right', 'Bottom', 'Left'] as const) {
      const width = Number.parseFloat(style[`border${side}Width`]) || 0;
      const color = style[`border${side}Color`];
      if (width === 0 || style[`border${side}Style`] === 'none' || isClear(color)) continue;
      const left = box.left - this.#origin.left;
      const top = box.top - this.#origin.top;
      const [x, y] = [
        side === 'Right' ? left + box.width - width : left,
        side === 'Bottom' ? top + box.height - width : top,
      ];
      const isFlat = side === 'Top' || side === 'Bottom';
      this.out.push(
        `<rect x="${round(x)}" y="${round(y)}" width="${round(isFlat ? box.width : width)}" height="${round(isFlat ? width : box.height)}" fill="${xmlText(color)}"/>`,
      );
    }
  }

  /** A drawing keeps its own coordinates; its style is written into it, as no sheet goes along. */
  #drawing(element: SVGSVGElement, box: DOMRect): void {
    const copy = element.cloneNode(true) as SVGSVGElement;
    const theirs = [element, ...element.querySelectorAll('*')];
    const ours = [copy, ...copy.querySelectorAll('*')];
    theirs.forEach((from, i) => {
      const to = ours[i];
      if (!to) return;
      const style = getComputedStyle(from);
      for (const property of svgProperties) {
        const value = style.getPropertyValue(property);
        if (value !== '') (to as SVGElement).style.setProperty(property, value);
      }
      for (const name of to.getAttributeNames()) if (name.startsWith('on')) to.removeAttribute(name);
    });
    copy.removeAttribute('class');
    copy.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
    copy.setAttribute('x', round(box.left - this.#origin.left));
    copy.setAttribute('y', round(box.top - this.#origin.top));
    copy.setAttribute('width', round(box.width));
    copy.setAttribute('height', round(box.height));
    copy.style.overflow = 'visible';
    copy.style.removeProperty('opacity');
    this.out.push(new XMLSerializer().serializeToString(copy));
  }

  #text(node: Text): void {
    const text = node.data;
    if (text.trim() === '' || !node.parentElement) return;
    const style = getComputedStyle(node.parentElement);
    const font = `${style.fontStyle} ${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    for (const { line, box } of linesOf(node)) {
      const shown = line.replace(/\s+/g, ' ').trim();
      if (shown === '') continue;
      let ascent = box.height * 0.8;
      if (this.#metrics) {
        this.#metrics.font = font;
        const { fontBoundingBoxAscent: up, fontBoundingBoxDescent: down } = this.#metrics.measureText('x');
        ascent = (box.height - (up + down)) / 2 + up;
      }
      const isRtl = style.direction === 'rtl';
      const x = (isRtl ? box.right : box.left) - this.#origin.left;
      const y = box.top - this.#origin.top + ascent;
      this.out.push(
        `<text x="${round(x)}" y="${round(y)}" font-family="${xmlText(style.fontFamily)}" font-size="${style.fontSize}" font-weight="${style.fontWeight}"${style.fontStyle === 'normal' ? '' : ` font-style="${style.fontStyle}"`}${isRtl ? ' direction="rtl"' : ''} fill="${xmlText(style.color)}" style="font-variant-numeric:${style.fontVariantNumeric}">${xmlText(shown)}</text>`,
      );
    }
  }
}

/** A text as it is broken into lines. */
function linesOf(node: Text): { line: string; box: DOMRect }[] {
  const range = document.createRange();
  range.selectNodeContents(node);
  const whole = [...range.getClientRects()].filter(({ width }) => width > 0);
  if (whole.length === 0) return [];
  if (whole.length === 1) return [{ line: node.data, box: whole[0]! }];
  const lines: { line: string; box: DOMRect }[] = [];
  for (let i = 0; i < node.data.length; i++) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const box = range.getBoundingClientRect();
    if (box.width === 0) continue;
    const last = lines.at(-1);
    if (last && Math.abs(last.box.top - box.top) < 2) {
      last.line += node.data[i]!;
      last.box = new DOMRect(last.box.left, last.box.top, box.right - last.box.left, box.height);
    } else lines.push({ line: node.data[i]!, box });
  }
  return lines;
}

/** What is drawn below an element: its shadow tree if it has one, slots by what fills them. */
function composedChildren(element: Element): readonly Node[] {
  if (element.shadowRoot) return [...element.shadowRoot.childNodes];
  if (element instanceof HTMLSlotElement) {
    const assigned = element.assignedNodes();
    if (assigned.length > 0) return assigned;
  }
  return [...element.childNodes];
}

function isClear(color: string): boolean {
  return color === '' || color === 'transparent' || /(,|\/)\s*0\)$/.test(color);
}

function round(value: number): string {
  return String(Math.round(value * 100) / 100);
}

function xmlText(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replace(/[^\P{Cc}\t\n]/gu, '');
}

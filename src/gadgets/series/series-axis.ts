import { msg, str } from '@lit/localize';
import type { Ticks } from '../exact/ticks.ts';

/** The moving axis below a line: marks, their texts, what all of them begin with, and its name. Pixels; `bottom` is its line. */
export function drawIndexAxis(
  ctx: CanvasRenderingContext2D,
  { left, width, bottom }: { readonly left: number; readonly width: number; readonly bottom: number },
  { ticks, base, unit }: Ticks,
  look: { readonly name: string; readonly font: string; readonly text: string; readonly line: string },
): void {
  ctx.font = `12px ${look.font}`;
  ctx.fillStyle = look.text;
  ctx.strokeStyle = look.line;
  ctx.lineWidth = 1;
  ctx.textBaseline = 'top';
  ctx.beginPath();
  ctx.moveTo(left, bottom + 0.5);
  ctx.lineTo(left + width, bottom + 0.5);
  for (const { at } of ticks) {
    const x = Math.round(left + at * width) + 0.5;
    ctx.moveTo(x, bottom + 0.5);
    ctx.lineTo(x, bottom + 4.5);
  }
  ctx.stroke();
  for (const { at, text } of ticks) {
    const half = ctx.measureText(text).width / 2;
    const x = Math.min(left + width - half, Math.max(Math.max(half, left - 36 + half), left + at * width));
    ctx.textAlign = 'center';
    ctx.fillText(text, x, bottom + 7);
  }
  ctx.textAlign = 'left';
  if (base !== '') ctx.fillText(base, left, bottom + 24);
  ctx.textAlign = 'right';
  ctx.fillText(unit === '' ? look.name : `${look.name} ${unit}`, left + width, bottom + 24);
}

export function axisName(axis: number): string {
  return axis === 0 ? msg('Row') : axis === 1 ? msg('Column') : msg(str`Axis ${axis}`);
}

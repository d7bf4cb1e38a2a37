import { msg, str } from '@lit/localize';
import { html, type PropertyDeclarations } from 'lit';
import type { ColumnType } from '../../protocol/column.ts';
import type { FitKind } from '../../protocol/estimators.ts';
import type { DrawnFeature, DrawnPoints } from '../../protocol/fit-picture.ts';
import type { ColumnRef } from '../../protocol/query.ts';
import { openRow } from '../open.ts';
import { featureText } from './axis.ts';
import { filterRect, pointsIn, rectFilter, rowsFilter } from './brush-filter.ts';
import { FitGadget, type FitState } from './fit-gadget.ts';
import './points-layer.ts';
import type { PointEvent, Rect, RectEvent } from './points-layer.ts';

/** A fitted model whose picture has the rows as points: hover, open, brush. */
export abstract class PointsGadget<K extends FitKind, S extends FitState = FitState> extends FitGadget<K, S> {
  static override properties: PropertyDeclarations = {
    brushed: { state: true },
  };

  /** The rectangle being drawn, before it is a filter. */
  declare brushed: Rect | undefined;

  /** Two features as a picture with points over it: hover, pick, brush by ranges of the features. */
  protected featureBrush(
    features: readonly DrawnFeature[],
    axes: readonly [number, number],
    points: DrawnPoints,
  ): unknown {
    const x = this.named(features[axes[0]]!);
    const y = this.named(features[axes[1]]!);
    const dataset = this.fit.request?.dataset;
    const type = (column: ColumnRef): ColumnType | undefined => this.columnType(column);
    const whole = this.area ? { x: this.area.x, y: this.area.y } : undefined;
    const held = this.group?.filters[this.groupId]?.filter;
    return this.pointsLayer({
      xs: points.columns[axes[0]] ?? new Float64Array(),
      ys: points.columns[axes[1]] ?? new Float64Array(),
      rows: points.rows,
      rect: whole && filterRect(held, { x, y }, whole),
      text: (axis, value) => featureText(axis === 'x' ? x : y, value, this.formats),
      select: (rect) =>
        dataset === undefined
          ? undefined
          : this.group?.set(this.groupId, rect && { dataset, filter: rectFilter(rect, { x, y, type }) }),
    });
  }

  /** Points whose axes are no columns: a brush names their rows. */
  protected rowsBrush(xs: Float64Array, ys: Float64Array, rows: Float64Array): unknown {
    const dataset = this.fit.request?.dataset;
    const held = this.group?.filters[this.groupId]?.filter;
    return this.pointsLayer({
      xs,
      ys,
      rows,
      rect: held ? this.brushed : undefined,
      text: (_axis, value) => this.formats.number(Number(value.toPrecision(4))),
      select: (rect) => {
        if (dataset === undefined) return;
        const filter = rect && rowsFilter(pointsIn(rect, xs, ys).map((at) => rows[at]!));
        this.brushed = filter ? rect : undefined;
        this.group?.set(this.groupId, filter && { dataset, filter });
      },
    });
  }

  protected pointsLayer(layer: {
    readonly xs: Float64Array;
    readonly ys: Float64Array;
    readonly rows: Float64Array;
    readonly rect: Rect | undefined;
    readonly text: (axis: 'x' | 'y', value: number) => string;
    readonly select: (rect: Rect | undefined) => void;
  }): unknown {
    return html`<exa-points-layer
      role="group"
      aria-label=${this.label ?? this.name()}
      .area=${this.area}
      .xs=${layer.xs}
      .ys=${layer.ys}
      .rect=${layer.rect}
      .text=${layer.text}
      ?brushable=${this.group !== undefined}
      @exa-hover=${(event: PointEvent) => {
        this.hover = event.detail;
      }}
      @exa-pick=${(event: PointEvent) => {
        if (event.detail !== undefined) this.openRow(layer.rows[event.detail]!);
      }}
      @exa-rect=${(event: RectEvent) => {
        if (event.detail.done) layer.select(event.detail.rect);
      }}
    ></exa-points-layer>`;
  }

  /** Opens a row's record. */
  protected openRow(row: number): void {
    const dataset = this.fit.request?.dataset;
    if (dataset !== undefined) openRow(this, { dataset, row });
  }

  /** A row as a button that opens its record. */
  protected rowLink(row: number): unknown {
    return html`<button class="link" @click=${() => this.openRow(row)}>${msg(str`Row ${this.formats.number(row)}`)}</button>`;
  }

  /** The values of a point, in words. */
  protected pointWords(features: readonly DrawnFeature[], points: DrawnPoints, at: number): string {
    return features
      .slice(0, 4)
      .map((feature, j) => {
        const { label } = this.named(feature);
        return `${label} ${featureText(feature, points.columns[j]?.[at] ?? Number.NaN, this.formats)}`;
      })
      .join(' · ');
  }
}

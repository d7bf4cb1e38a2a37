import { msg } from '@lit/localize';
import { html, nothing, type PropertyDeclarations } from 'lit';
import { isArrayTable } from '../../protocol/array-table.ts';
import type { ExaError } from '../../protocol/errors.ts';
import type { EstimatorName, FitKind } from '../../protocol/estimators.ts';
import type { FitRequest, FitResult, FitWarning, UnfinishedFit } from '../../protocol/fit.ts';
import type { Head } from '../../protocol/head.ts';
import type { Measure } from '../../protocol/profile.ts';
import { goTo } from '../../protocol/workspace.ts';
import { ArraysController } from '../arrays-controller.ts';
import { columnLabel } from '../column-label.ts';
import { isEmptyTable } from '../empty-table.ts';
import { columnFilterId } from '../filter-bar/column-filter-id.ts';
import type { FittedEvent, MethodEvent } from '../fit/fit-gadget.ts';
import { sensibleRequest } from '../fit/sensible.ts';
import { formatsFor } from '../format.ts';
import { defineGadget } from '../gadget.ts';
import { HeadController } from '../head-controller.ts';
import { icon } from '../icons.ts';
import { LinkedHeads } from '../linked-heads.ts';
import { columnsWithCalculated, dimensionsOf, linkedColumns, measuresOf } from '../subject.ts';
import { measureWords, TableView } from '../view-base.ts';
import type { WorkspaceEvent } from '../workspace-event.ts';
import { withMethod } from './change-request.ts';
import { codePanel } from './code-panel.ts';
import { modelForm } from './form/model-form.ts';
import { kindOf } from './methods/methods.ts';
import { modelStyles } from './model.styles.ts';
import { nothingToFit } from './nothing-to-fit.ts';
import { leftFits, sampleOffer } from './offers.ts';
import { exportName, pythonCode } from './python/python-code.ts';
import { packRequest, parseRequest } from './request.ts';
import './score-panel.ts';
import { kindWord } from './words.ts';

/** What the URL keeps of the Model view. */
export interface ModelState {
  /** The request, packed; left out: a first one of the table. */
  readonly fit?: object;
  /** Data set `fit` is of: columns of one table say nothing of another. */
  readonly of?: string;
}

const gadgetId = 'model-fit';

/** Filters the picture itself sets: it is not fitted to them. */
const own: readonly string[] = [gadgetId, `${gadgetId}.rows`];

/**
 * Models of a table: the form left; the picture, what was noticed, the fitted model and the code right.
 * @prop subject The table @prop datasets @prop workspace
 */
export class ModelView extends TableView<ModelState> {
  static override styles = [...TableView.styles, modelStyles];
  static override properties: PropertyDeclarations = {
    result: { state: true },
    wrong: { state: true },
    refused: { state: true },
    isOpen: { state: true },
    copied: { state: true },
    unfinished: { state: true },
  };

  /** The last result, of whichever request. */
  declare result: FitResult | undefined;
  /** Texts typed into parameters that cannot be used. */
  declare wrong: Readonly<Record<string, string>>;
  /** Why the fit failed, if it did. */
  declare refused: ExaError | undefined;
  declare isOpen: boolean;
  declare copied: boolean;
  declare unfinished: readonly UnfinishedFit[];

  readonly #head = new HeadController(this, () => this.subject?.dataset.id);
  readonly #linked = new LinkedHeads(this, () => this.#head.head);
  readonly #arrays = new ArraysController(this);
  #made: { readonly key: string; readonly request: FitRequest } | undefined;

  constructor() {
    super();
    this.wrong = {};
    this.isOpen = false;
    this.copied = false;
    this.unfinished = [];
    this.service(async (signal) => {
      await this.updateComplete;
      const left = await this.client?.fits?.unfinished();
      if (!signal.aborted && left) this.unfinished = left;
    });
  }

  protected override initialState(): ModelState {
    return {};
  }

  /** The request of the URL, else a first one; one object as long as both stand. */
  get #request(): FitRequest | undefined {
    const head = this.#head.head;
    if (!head) return undefined;
    const { fit, of } = this.state;
    const key = JSON.stringify([head.id, head.epoch, head.columns.length, fit, of]);
    if (this.#made?.key === key) return this.#made.request;
    const given = of === undefined || of === head.id ? parseRequest(fit, head.id) : undefined;
    const request = given ?? sensibleRequest(head, 'outliers');
    this.#made = { key, request };
    return request;
  }

  protected override view(): unknown {
    const { subject } = this;
    if (!subject)
      return html`<div class="cell empty">
        <h2>${msg('No table to learn from')}</h2>
        <p>${msg('Bring in a file, or open the demo: models are fitted to the columns of a table.')}</p>
        <a class="button" href="#/import">${msg('Import')}</a>
      </div>`;
    const head = this.#head.head;
    const request = this.#request;
    if (!head || !request) return html`<div class="skeleton"></div>`;
    const kind = request.search ? 'model-selection' : kindOf(request.estimator.method);
    const formats = formatsFor(this);
    const label = head.profile.label || head.name;
    const warnings = this.#warnings(request);
    const loose = warnings.filter(({ feature }) => feature === undefined || feature === request.dataset);
    return html`<div class="model">
      <form class="cell form" aria-label=${msg('Model')} @submit=${(event: Event) => event.preventDefault()}>
        ${modelForm({
          request,
          head,
          linked: this.#linked.heads,
          datasets: this.datasets,
          arrays: this.#arrays.arrays ?? [],
          formats,
          warnings,
          wrong: this.wrong,
          change: (next) => this.#change(next),
          refuse: (param, text) => {
            this.wrong = { ...this.wrong, [param]: text };
          },
          choose: (dataset) => this.#go(dataset),
        })}
      </form>
      ${
        isEmptyTable(head)
          ? nothingToFit()
          : html`<div class="right" @exa-fitted=${this.#fitted} @exa-method=${this.#method} @exa-error=${this.#failed}>
        ${leftFits({
          left: this.unfinished.filter((one) => !sameFit(one.request, request)),
          datasets: this.datasets,
          formats,
          goOn: (left) => this.#goOn(left),
          dismiss: (left) => this.#dismiss(left),
        })}
        ${sampleOffer(this.refused, formats, (rows) => this.#change({ ...request, rows }))}
        ${
          request.features.length === 0
            ? html`<div class="cell empty">
                <h2>${kindWord(kind)}</h2>
                <p>${msg('Choose at least one column to learn from.')}</p>
              </div>`
            : this.whenLoaded([`exa-${kind}`], () => this.#picture(kind, request))
        }
        ${this.#selected(head)}
        ${
          loose.length > 0
            ? html`<ul class="cell noticed" aria-label=${msg('Noticed')}>
                ${loose.map(({ message }) => html`<li>${icon('alert')}<span>${message}</span></li>`)}
              </ul>`
            : nothing
        }
        <exa-model-score
          class="cell"
          .model=${this.#isCurrent(request) ? this.result?.model : undefined}
          .datasets=${isArrayTable(head.id) ? [subject.dataset, ...this.datasets] : this.datasets}
          .label=${label}
        ></exa-model-score>
        ${codePanel({
          code: this.isOpen ? this.#code(request) : '',
          label,
          open: this.isOpen,
          copied: this.copied,
          turn: (isOpen) => {
            this.isOpen = isOpen;
          },
          copy: () => this.#copy(this.#code(request)),
          table: () => this.#exportTable(head),
          download: () => this.#download(this.#code(request), exportName(label).replace(/\.csv$/, '.py')),
        })}
      </div>`
      }
    </div>`;
  }

  /** What a brush or a choice of rows selects, as a dashboard that follows it. */
  #selected(head: Head): unknown {
    const { group } = this;
    if (!group || !own.some((id) => group.filters[id]?.dataset === head.id)) return nothing;
    return this.whenLoaded(['exa-figure', 'exa-bars', 'exa-grid'], () => {
      const measure = measuresOf(head.profile, measureWords())[0]!;
      const dimensions = dimensionsOf(head.profile, 2);
      return html`<section class="selected" aria-label=${msg('Selected rows')}>
        <div class="cell lead">
          <h3>${msg('Selected rows')}</h3>
          <button class="button quiet" @click=${() => {
            for (const id of own) if (group.filters[id]) group.clear(id);
          }}>${msg('Clear the selection')}</button>
        </div>
        <exa-figure class="cell" id="model-rows" dataset=${head.id} .measure=${countMeasure()}></exa-figure>
        ${dimensions.map(
          (column) => html`<exa-bars
            class="cell"
            id=${columnFilterId(column)}
            dataset=${head.id}
            column=${column}
            rows="5"
            .label=${columnLabel(column, head)}
            .measure=${measure}
          ></exa-bars>`,
        )}
        <exa-grid class="cell rows" id="model-grid" dataset=${head.id} .state=${this.kept('model-grid')}></exa-grid>
      </section>`;
    });
  }

  #picture(kind: FitKind, request: FitRequest): unknown {
    const state = this.kept(gadgetId);
    switch (kind) {
      case 'outliers':
        return html`<exa-outliers id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-outliers>`;
      case 'clusters':
        return html`<exa-clusters id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-clusters>`;
      case 'pca':
        return html`<exa-pca id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-pca>`;
      case 'gp':
        return html`<exa-gp id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-gp>`;
      case 'lasso-path':
        return html`<exa-lasso-path id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-lasso-path>`;
      case 'classifier':
        return html`<exa-classifier id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-classifier>`;
      case 'regression':
        return html`<exa-regression id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-regression>`;
      case 'model-selection':
        return html`<exa-model-selection id=${gadgetId} class="cell fitted" .request=${request} .state=${state}></exa-model-selection>`;
    }
  }

  #isCurrent(request: FitRequest): boolean {
    const fitted = this.result?.model.request;
    return fitted !== undefined && sameFit(fitted, request);
  }

  /** What is known of the columns: of the last result, or of the failure that names one. */
  #warnings(request: FitRequest): readonly Pick<FitWarning, 'message' | 'feature'>[] {
    const { refused } = this;
    const column = refused?.facts.column ?? refused?.facts.feature;
    const failed =
      refused && typeof column === 'string'
        ? [{ message: refused.message, feature: this.#refOf(column) }]
        : [];
    const own = this.#isCurrent(request) ? (this.result?.warnings ?? []) : [];
    return [...failed, ...own];
  }

  #refOf(column: string): string {
    const found = this.#head.head?.columns.find(({ id, name }) => id === column || name === column);
    return found?.id ?? column;
  }

  #code(request: FitRequest): string {
    const head = this.#head.head;
    if (!head) return '';
    const where = this.group?.where(request.dataset, own);
    const filter =
      where && request.filter
        ? { op: 'and' as const, of: [request.filter, where] }
        : (where ?? request.filter);
    const coverage = this.#isCurrent(request) ? this.result?.coverage : undefined;
    const linked = linkedColumns(head, this.#linked.heads);
    return pythonCode({
      request: filter ? { ...request, filter } : request,
      label: head.profile.label || head.name,
      columns: [...columnsWithCalculated(head), ...linked],
      calculated: [...head.profile.calculated, ...linked].map(({ id }) => id),
      version: coverage?.version ?? head.version,
      ...(coverage?.sampledOf !== undefined && coverage.sampledOf > coverage.used
        ? { sampled: coverage.used }
        : {}),
    });
  }

  #change(request: FitRequest): void {
    const { version: _version, ...rest } = request;
    this.wrong = {};
    this.refused = undefined;
    this.#keep(rest, false);
  }

  /** Puts the request in the URL; Back takes it out again, unless it only says more of what is there. */
  #keep(request: FitRequest, replace: boolean): void {
    const state: ModelState = { fit: packRequest(request), of: request.dataset };
    const detail = {
      change: { gadgets: { ...this.workspace.gadgets, [this.id || 'model']: state } },
      replace,
    };
    const event: WorkspaceEvent = new CustomEvent('exa-workspace', {
      bubbles: true,
      composed: true,
      cancelable: true,
      detail,
    });
    void this.renderWith(state);
    this.dispatchEvent(event);
  }

  #go(dataset: string): void {
    this.wrong = {};
    this.refused = undefined;
    const detail = { change: goTo('model', dataset), replace: false };
    this.dispatchEvent(new CustomEvent('exa-workspace', { bubbles: true, composed: true, detail }));
  }

  #goOn(left: FitRequest): void {
    const { filter: _filter, ...rest } = left;
    const state: ModelState = { fit: packRequest(left.filter ? left : rest), of: left.dataset };
    const workspace = goTo('model', left.dataset);
    const detail = { change: { ...workspace, gadgets: { model: state } }, replace: false };
    this.dispatchEvent(new CustomEvent('exa-workspace', { bubbles: true, composed: true, detail }));
    void this.renderWith(state);
  }

  #dismiss(left: FitRequest): void {
    this.unfinished = this.unfinished.filter(({ request }) => request !== left);
    void this.job('dismiss', async () => this.client?.fits?.dismiss(left));
  }

  readonly #fitted = (event: FittedEvent): void => {
    const { result } = event.detail;
    const request = this.#request;
    this.result = result;
    this.refused = undefined;
    if (!request || result.stage !== 'final' || request.version === result.coverage.version) return;
    this.#keep({ ...request, version: result.coverage.version }, true);
  };

  readonly #method = (event: MethodEvent): void => {
    const head = this.#head.head;
    const request = this.#request;
    const method: EstimatorName = event.detail.method;
    if (head && request) this.#change(withMethod(request, method, head));
  };

  readonly #failed = (event: CustomEvent<ExaError>): void => {
    this.refused = event.detail;
  };

  /** The whole table as CSV under its stored names, as the code reads it. */
  #exportTable({ id, columns, profile, name }: Head): void {
    const { client } = this;
    if (!client) return;
    const names = columns.map((column) => ({ id: column.id, name: column.name }));
    const refs = columns.map((column) => column.id);
    const what = { kind: 'rows', dataset: id, order: [], columns: refs, offset: 0, limit: 1 } as const;
    void this.job('table', async () => {
      const { exportFile } = await import('../take-away/menu-actions.ts');
      await exportFile(client, profile.label || name, { what, columns: names }, 'csv');
    });
  }

  #copy(code: string): void {
    void this.job('copy', async (signal) => {
      await navigator.clipboard.writeText(code);
      this.copied = true;
      await new Promise((done) => setTimeout(done, 1500));
      if (!signal.aborted) this.copied = false;
    });
  }

  #download(code: string, name: string): void {
    const href = URL.createObjectURL(new Blob([code], { type: 'text/x-python' }));
    Object.assign(document.createElement('a'), { href, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(href), 10_000);
  }
}

/** How many rows there are, counted. */
function countMeasure(): Measure {
  return { id: 'selected', label: msg('Rows'), formula: 'count()', format: 'count' };
}

/** Whether two requests fit the same, the group's filter and the version apart. */
function sameFit(one: FitRequest, other: FitRequest): boolean {
  const bare = ({ filter: _filter, version: _version, ...rest }: FitRequest): string =>
    JSON.stringify(packRequest(rest));
  return one.dataset === other.dataset && bare(one) === bare(other);
}

defineGadget('exa-model', ModelView);

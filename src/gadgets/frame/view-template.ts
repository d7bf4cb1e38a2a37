import { html } from 'lit';
import type { DatasetSummary } from '../../protocol/head.ts';
import type { ViewName, Workspace } from '../../protocol/workspace.ts';
import type { PreferenceStore } from '../preferences.ts';
import type { Subject } from '../subject.ts';

/** What the frame hands to a view. */
export interface ViewInput {
  readonly workspace: Workspace;
  readonly datasets: readonly DatasetSummary[];
  readonly subject: Subject | undefined;
  readonly preferences: PreferenceStore;
  /** A file dropped on the page. */
  readonly incoming: File | undefined;
}

/** The element of a view. */
export function viewTag(view: ViewName): `exa-${ViewName}` {
  return `exa-${view}`;
}

/** A view with its input. */
export function viewTemplate(view: ViewName, input: ViewInput): unknown {
  const { workspace, datasets, subject, preferences, incoming } = input;
  switch (view) {
    case 'home':
      return html`<exa-home .datasets=${datasets} .preferences=${preferences}></exa-home>`;
    case 'explore':
      return html`<exa-explore
        id="explore"
        .workspace=${workspace}
        .datasets=${datasets}
        .subject=${subject}
        .state=${workspace.gadgets.explore ?? {}}
      ></exa-explore>`;
    case 'pivot':
      return html`<exa-pivot
        id="pivot"
        class="cell"
        .source=${subject?.dataset.id}
        .state=${workspace.gadgets.pivot ?? {}}
      ></exa-pivot>`;
    case 'orders':
      return html`<exa-orders .workspace=${workspace} .datasets=${datasets} .subject=${subject}></exa-orders>`;
    case 'clients':
      return html`<exa-clients .workspace=${workspace} .datasets=${datasets} .subject=${subject}></exa-clients>`;
    case 'array':
      return html`<exa-array id="array" .workspace=${workspace} .state=${workspace.gadgets.array ?? {}}></exa-array>`;
    case 'model':
      return html`<exa-model
        id="model"
        .workspace=${workspace}
        .datasets=${datasets}
        .subject=${subject}
        .state=${workspace.gadgets.model ?? {}}
      ></exa-model>`;
    case 'datasets':
      return html`<exa-datasets
        .datasets=${datasets}
        .named=${workspace.dataset}
        .kept=${workspace.gadgets.rows}
      ></exa-datasets>`;
    case 'page':
      return html`<exa-page
        id="page"
        .workspace=${workspace}
        .datasets=${datasets}
        .state=${workspace.gadgets.page ?? {}}
      ></exa-page>`;
    case 'compare':
      return html`<exa-compare
        id="compare"
        .datasets=${datasets}
        .preferences=${preferences}
        .state=${workspace.gadgets.compare ?? {}}
      ></exa-compare>`;
    case 'cite':
      return html`<exa-cite id="cite" .state=${workspace.gadgets.cite ?? {}}></exa-cite>`;
    case 'import':
      return html`<exa-import .incoming=${incoming}></exa-import>`;
    case 'settings':
      return html`<exa-settings .preferences=${preferences} .datasets=${datasets}></exa-settings>`;
    case 'gallery':
      return html`<exa-gallery></exa-gallery>`;
  }
}

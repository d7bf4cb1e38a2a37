import type {
  ImportDecisions,
  ImportDifference,
  ImportDone,
  ImportPlan,
  ImportPreview,
  ImportProgress,
} from './import.ts';

/** Page → import worker; one file a worker. */
export interface ImportCalls {
  open: {
    readonly ask: {
      readonly file: Blob;
      readonly name: string;
      readonly storeUrl: string;
      /** Whose data sets of this browser it may go into. */
      readonly account: string;
      readonly token?: string;
    };
    readonly next: never;
    readonly done: undefined;
  };
  preview: {
    readonly ask: { readonly decisions: ImportDecisions };
    readonly next: ImportProgress;
    readonly done: ImportPreview;
  };
  difference: {
    readonly ask: { readonly plan: ImportPlan };
    readonly next: ImportProgress;
    readonly done: ImportDifference;
  };
  store: {
    readonly ask: { readonly plan: ImportPlan };
    readonly next: ImportProgress;
    readonly done: ImportDone;
  };
}

import type { Answer } from '../../protocol/answer.ts';
import type { Observer, Unsubscribe } from '../../protocol/client.ts';
import { ExaError } from '../../protocol/errors.ts';
import type { KeepClient } from '../../protocol/keep.ts';
import type { AggregateQuestion } from '../../protocol/query.ts';
import type { Citation, CiteRequest, KeptPlace, KeptView, SavedView } from '../../protocol/saved-view.ts';

/** Ids of the citations that a {@link FakeKeep} has; any other is gone. */
export const fakeCitation = 'a'.repeat(40);

const byCountry: AggregateQuestion = {
  kind: 'aggregate',
  dataset: 'orders',
  groupBy: [{ by: 'value', column: 'c3' }],
  measures: [{ id: 'revenue', label: 'Revenue', formula: 'sum(amount)', format: 'money' }],
  order: [{ by: 'revenue', descending: true }],
  limit: 6,
};

/** Saved views and citations in memory: two views there at first, and one citation of revenue by country. */
export class FakeKeep implements KeepClient {
  readonly #observers = new Set<Observer<readonly KeptView[]>>();
  readonly #cited = new Map<string, Citation>();
  readonly #answer: (question: CiteRequest['question']) => Answer;
  #views: readonly KeptView[] = [
    view('revenue-2011', 'Revenue of 2011', '#/explore?data=orders', 'store'),
    view('french-orders', 'French orders', '#/explore?data=orders&f.by-c3=in(c3,France)', 'device'),
  ];

  constructor(answer: (question: CiteRequest['question']) => Answer) {
    this.#answer = answer;
  }

  views(observer: Observer<readonly KeptView[]>): Unsubscribe {
    this.#observers.add(observer);
    queueMicrotask(() => observer.next(this.#views));
    return () => this.#observers.delete(observer);
  }

  async save(saved: SavedView, place: KeptPlace): Promise<void> {
    this.#tell([{ ...saved, place, pinned: false }, ...this.#views.filter(({ id }) => id !== saved.id)]);
  }

  async remove(id: string): Promise<void> {
    this.#tell(this.#views.filter((one) => one.id !== id));
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    this.#tell(this.#views.map((one) => (one.id === id ? { ...one, pinned } : one)));
  }

  async cite(request: CiteRequest): Promise<Citation> {
    const { bytes, coverage } = this.#answer(request.question);
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes.slice()));
    const citation: Citation = {
      ...request,
      id: fakeCitation,
      dataset: { id: request.question.dataset, name: 'Orders', epoch: 'e1' },
      coverage,
      hash: Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join(''),
      answer: btoa(String.fromCharCode(...bytes)),
      at: '2026-11-20T12:05:00.000Z',
    };
    this.#cited.set(citation.id, citation);
    return citation;
  }

  async citation(id: string): Promise<Citation> {
    const columns = [
      { id: 'g0', name: 'Country' },
      { id: 'revenue', name: 'Revenue' },
    ];
    const title = 'Revenue by country';
    if (id === fakeCitation)
      return (
        this.#cited.get(id) ??
        (await this.cite({ question: byCountry, title, columns, workspace: '#/explore?data=orders' }))
      );
    throw new ExaError('gone', 'The store keeps no such citation.', { facts: { id } });
  }

  #tell(views: readonly KeptView[]): void {
    this.#views = views;
    for (const observer of this.#observers) observer.next(views);
  }
}

function view(id: string, name: string, workspace: string, place: KeptPlace): KeptView {
  return { id, name, workspace, place, columns: {}, at: '2026-11-20T12:00:00.000Z', pinned: false };
}

/** A method an ancestor offers to everything below it. */
export type AcquiredMethod = (...args: readonly unknown[]) => unknown;

/** Asks the ancestors for a method by name; the nearest that offers it sets `answer` and stops the event. */
export class AcquireEvent extends Event {
  static readonly type = 'exa-acquire';
  readonly method: string;
  readonly args: readonly unknown[];
  answer: { readonly value: unknown } | undefined;

  constructor(method: string, args: readonly unknown[]) {
    super(AcquireEvent.type, { bubbles: true, composed: true });
    this.method = method;
    this.args = args;
  }
}

/** Calls the nearest ancestor's method; undefined when nobody offers it (the feature is off). */
export async function acquireFrom(
  element: EventTarget,
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  const event = new AcquireEvent(method, args);
  element.dispatchEvent(event);
  return event.answer === undefined ? undefined : await event.answer.value;
}

/** Whether an offer stands is answered by asking; returns what withdraws the offer. */
export function offerOn(element: EventTarget, method: string, run: AcquiredMethod): () => void {
  const listener = (event: Event): void => {
    if (!(event instanceof AcquireEvent) || event.method !== method || event.composedPath()[0] === element)
      return;
    event.stopPropagation();
    event.answer = { value: run(...event.args) };
  };
  element.addEventListener(AcquireEvent.type, listener);
  return () => element.removeEventListener(AcquireEvent.type, listener);
}

/** The element itself and those that hold it, from inside out, through shadow roots. */
export function* holdersOf(element: Element): Generator<Element> {
  for (let at: Element | null = element; at; ) {
    yield at;
    const parent: Element | null = at.assignedSlot ?? at.parentElement;
    const root: Node = at.getRootNode();
    at = parent ?? (root instanceof ShadowRoot ? root.host : null);
  }
}

/** An attribute of the element or of the nearest that holds it. */
export function inherited(element: Element, name: string): string | undefined {
  for (const holder of holdersOf(element)) {
    const value = holder.getAttribute(name);
    if (value !== null) return value;
  }
  return undefined;
}

import { expect, test } from 'vitest';
import { loadGadget } from '../gadgets/registry.ts';

interface HtmlData {
  readonly tags: readonly {
    readonly name: string;
    readonly attributes: readonly { readonly name: string }[];
  }[];
}

/** What embed.js reads itself. */
const portal = ['store', 'token', 'filter-group'];

test('what the manifest says of each gadget is what its element reads', { timeout: 120_000 }, async () => {
  const answer = await fetch('/embed/v1/html-custom-data.json');
  const data = (await answer.json()) as HtmlData;
  expect(data.tags.length).toBeGreaterThan(10);
  for (const { name, attributes } of data.tags) {
    await loadGadget(name);
    const element = customElements.get(name) as unknown as { observedAttributes: readonly string[] };
    const said = attributes.map((one) => one.name);
    expect(said.filter((one) => !portal.includes(one)).sort(), name).toEqual(
      [...element.observedAttributes].sort(),
    );
    expect(said, name).toEqual(expect.arrayContaining(portal));
  }
});

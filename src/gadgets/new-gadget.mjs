/**
 * `npm run new-gadget NAME`: makes `src/gadgets/NAME/` (element, question, styles, tests that pass) and its line in
 * the registry. NAME is lower case words joined by hyphens; an existing folder is left alone.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('.', import.meta.url));
const name = process.argv[2] ?? '';

/** Ends with a sentence instead of a stack. */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
  stop('Give the gadget a name of lower case words joined by hyphens: npm run new-gadget late-orders');
const folder = join(root, name);
if (existsSync(folder))
  stop(`src/gadgets/${name} is already there. Choose another name, or remove it first.`);

const tag = `exa-${name}`;
const words = name.split('-');
const camel = words.map((word, at) => (at ? word[0].toUpperCase() + word.slice(1) : word)).join('');
const pascal = camel[0].toUpperCase() + camel.slice(1);

const files = {
  [`${name}.query.ts`]: `import type { AggregateQuestion, Asked, Filter } from '../../protocol/query.ts';

/** What \`${tag}\` asks: a measure over the rows of \`where\`. */
export function ${camel}Question(
  dataset: string,
  measure: Asked,
  where: Filter | undefined,
): AggregateQuestion {
  return { kind: 'aggregate', dataset, where, groupBy: [], measures: [measure] };
}
`,
  [`${name}.styles.ts`]: `import { css } from 'lit';

export const ${camel}Styles = css\`
  :host {
    padding: 12px 16px;
  }
\`;
`,
  [`${name}.ts`]: `import { type CSSResultGroup, html, type PropertyDeclarations } from 'lit';
import { AnswerController } from '../answer-controller.ts';
import { formatsFor } from '../format.ts';
import { defineGadget, Gadget } from '../gadget.ts';
import { gadgetStyles } from '../gadget.styles.ts';
import { HeadController } from '../head-controller.ts';
import { askedOf, exactMeasure, type MeasureProperty, measureOf } from '../measure.ts';
import { ${camel}Question } from './${name}.query.ts';
import { ${camel}Styles } from './${name}.styles.ts';

/** All that a host keeps of this gadget, as JSON. */
export type ${pascal}State = Record<string, never>;

/** A measure of a data set. Attributes: \`dataset\` (property \`source\`), \`measure\`. */
export class ${pascal}Gadget extends Gadget<${pascal}State> {
  static override styles: CSSResultGroup = [gadgetStyles, ${camel}Styles];
  static override properties: PropertyDeclarations = {
    source: { type: String, attribute: 'dataset' },
    measure: { type: String },
  };

  declare source: string | undefined;
  declare measure: MeasureProperty | undefined;

  readonly #head = new HeadController(this, () => this.source);
  readonly #answer = new AnswerController(this, () =>
    this.source && this.measure
      ? ${camel}Question(this.source, askedOf(this.measure), this.group?.where(this.source))
      : undefined,
  );

  protected override initialState(): ${pascal}State {
    return {};
  }

  protected override hasPicture(): boolean {
    return this.#answer.answer !== undefined;
  }

  protected override view(): unknown {
    const measure = measureOf(this.#head.head, this.measure);
    const table = this.#answer.table;
    if (!measure || !table) return html\`\`;
    const value = exactMeasure(
      formatsFor(this),
      measure,
      table.exact(measure.id, 0) || null,
      this.#head.head?.profile.currency,
    );
    return html\`<h3>\${measure.label}</h3><p>\${value}</p>\`;
  }
}

defineGadget('${tag}', ${pascal}Gadget);
`,
  [`${name}.query.test.ts`]: `import { expect, test } from 'vitest';
import { ${camel}Question } from './${name}.query.ts';

test('it asks one measure of the rows that match', () => {
  const where = { op: 'in', column: 'c', values: ['a'] } as const;
  expect(${camel}Question('orders', { measure: 'revenue' }, where)).toEqual({
    kind: 'aggregate',
    dataset: 'orders',
    where,
    groupBy: [],
    measures: [{ measure: 'revenue' }],
  });
});
`,
  [`${name}.browser.test.ts`]: `import { html } from 'lit';
import { gadgetContract } from '../gadget-contract.testing.ts';
import './${name}.ts';

gadgetContract('${tag}', () => html\`<${tag} dataset="orders" measure="orders"></${tag}>\`, '400');
`,
};

const registry = join(root, 'registry.ts');
const source = readFileSync(registry, 'utf8');
const start = source.indexOf('{\n', source.indexOf('const loaders')) + 2;
const end = source.indexOf('};', start);
const line = `  '${tag}': () => import('./${name}/${name}.ts'),\n`;
const lines = source.slice(start, end).match(/.*\n/g) ?? [];
const sorted = [...lines, line].sort((one, other) => (one < other ? -1 : 1));

mkdirSync(folder);
for (const [file, text] of Object.entries(files)) writeFileSync(join(folder, file), text);
writeFileSync(registry, source.slice(0, start) + sorted.join('') + source.slice(end));
// Line lengths depend on the name: the project's formatter has the last word.
const formatter = join(root, '../../node_modules/.bin/biome');
if (existsSync(formatter))
  execFileSync(formatter, ['check', '--write', '--log-level=none', folder, registry], { stdio: 'ignore' });

console.log(`Made src/gadgets/${name} and its line in src/gadgets/registry.ts. Next:
  npx vitest run src/gadgets/${name}    its tests, in Node and in a browser
  <${tag} dataset="…" measure="…">    wherever a DataClient is offered above it`);

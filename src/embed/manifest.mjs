/**
 * `npm run manifest`: what portals may write, from the source: the Custom Elements Manifest and VS Code's HTML data beside
 * `embed.js`, and the table of gadgets in `docs/embed.md`.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Gadgets that make sense alone in somebody else's page, by the folder they live in. */
const offered = [
  'bars',
  'distribution',
  'explore',
  'figure',
  'graph',
  'grid',
  'heatmap',
  'histogram',
  'matrix',
  'orders',
  'pivot',
  'series',
  'trend',
  'clients',
];
/** What embed.js reads on a gadget or round it. */
const portal = [
  { name: 'store', description: 'The store’s address; left out: where the script came from.' },
  {
    name: 'token',
    description: 'An embed token; better: configure({ token }), asked again when one expires.',
  },
  { name: 'filter-group', description: 'Gadgets of one name filter each other.' },
];
const events = [
  { name: 'exa-state', description: 'The gadget’s state changed by use: detail.state.' },
  {
    name: 'exa-open',
    description: 'A row is to be opened: detail is { dataset, row }; preventDefault() keeps our sheet away.',
  },
  {
    name: 'exa-drill',
    description: 'The rows behind a mark are to be shown; preventDefault() keeps our sheet away.',
  },
  { name: 'exa-filters', description: 'Filters of a group changed: detail.state.' },
  {
    name: 'exa-select',
    description:
      'Rows of exa-grid were selected: detail is { dataset, count, rows }; or a mark of exa-graph: { label, series }.',
  },
  { name: 'exa-error', description: 'An ExaError with tag and a sentence.' },
];

const folder = mkdtempSync('.manifest-');
const about = readFileSync('package.json', 'utf8');
let whole;
try {
  const words = [
    'analyze',
    '--litelement',
    '--outdir',
    folder,
    '--globs',
    ...offered.map((one) => `src/gadgets/${one}/${one}.ts`),
    'src/gadgets/view-base.ts',
    'src/gadgets/gadget.ts',
  ];
  execFileSync(process.execPath, ['node_modules/@custom-elements-manifest/analyzer/cem.js', ...words], {
    stdio: 'ignore',
  });
  whole = JSON.parse(readFileSync(join(folder, 'custom-elements.json'), 'utf8'));
} finally {
  rmSync(folder, { recursive: true, force: true });
  // The analyzer writes there where it has just put the manifest, which is not where it stays.
  writeFileSync('package.json', about);
}

const plain = (text = '') => text.replaceAll(/\s+/g, ' ').trim();
/** Properties that are no attribute, by the source. */
const inner = (path) =>
  [...readFileSync(path, 'utf8').matchAll(/(\w+): \{[^{}\n]*(?:state: true|attribute: false)/g)].map(
    ([, name]) => name,
  );

const elements = whole.modules
  .filter(({ path }) => offered.includes(path.split('/').at(-2)))
  .flatMap(({ path, declarations = [] }) => {
    const tag = `exa-${path.split('/').at(-2)}`;
    const gadget = declarations.find(
      ({ kind, attributes, superclass }) => kind === 'class' && (attributes || superclass),
    );
    return gadget ? [{ path, tag, gadget }] : [];
  })
  .sort((a, b) => (a.tag < b.tag ? -1 : 1))
  .map(({ path, tag, gadget }) => ({
    path,
    tag,
    name: gadget.name,
    description: plain(gadget.description),
    attributes: (gadget.attributes ?? [])
      .filter(({ fieldName, inheritedFrom }) => !inner(inheritedFrom?.module ?? path).includes(fieldName))
      .map(({ name, type, description, fieldName }) => ({
        name,
        ...(type && { type }),
        ...(description && { description: plain(description) }),
        ...(fieldName && { fieldName }),
      })),
  }));

writeFileSync(
  'public/embed/v1/custom-elements.json',
  `${JSON.stringify(
    {
      schemaVersion: '1.0.0',
      modules: elements.map(({ path, tag, name, description, attributes }) => ({
        kind: 'javascript-module',
        path,
        declarations: [
          {
            kind: 'class',
            customElement: true,
            tagName: tag,
            name,
            description,
            attributes: [...attributes, ...portal],
            events,
          },
        ],
        exports: [{ kind: 'custom-element-definition', name: tag, declaration: { name } }],
      })),
    },
    null,
    1,
  )}\n`,
);
writeFileSync(
  'public/embed/v1/html-custom-data.json',
  `${JSON.stringify(
    {
      version: 1.1,
      tags: elements.map(({ tag, description, attributes }) => ({
        name: tag,
        description,
        attributes: [...attributes, ...portal].map(({ name, description: about }) => ({
          name,
          ...(about && { description: about }),
        })),
      })),
    },
    null,
    1,
  )}\n`,
);
const rows = elements.map(
  ({ tag, description, attributes }) =>
    `| \`${tag}\` | ${attributes.map(({ name }) => `\`${name}\``).join(' ')} | ${description.split(/(?<=\.)\s/)[0].replaceAll('|', '\\|')} |`,
);
const page = readFileSync('docs/embed.md', 'utf8');
const table = `<!-- gadgets: npm run manifest -->\n\n| gadget | attributes | |\n|---|---|---|\n${rows.join('\n')}\n\n<!-- /gadgets -->`;
writeFileSync(
  'docs/embed.md',
  page.replace(/<!-- gadgets: [\s\S]*<!-- \/gadgets -->/, () => table),
);
execFileSync('npx', ['biome', 'format', '--write', 'public/embed/v1'], { stdio: 'ignore' });

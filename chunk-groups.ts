import { existsSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** Own modules that `entries` import statically, themselves included. Types, which are not there at run time, apart. */
function closureOf(...entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file) || !existsSync(file)) return;
    found.add(file);
    const source = readFileSync(file, 'utf8');
    for (const [, name] of source.matchAll(
      /^(?:import|export)\s(?!type\b)(?:[^'"]*?\sfrom\s)?'(\.[^']+\.ts)';$/gm,
    ))
      visit(resolve(dirname(file), name!));
  };
  for (const entry of entries) visit(resolve(entry));
  return found;
}

/** Lit's directives: the first view has some of them in common with cards. */
const isDirective = (id: string): boolean => /[\\/]lit(-html)?[\\/]directive/.test(id);

/** What acts as soon as it is loaded: it stays in the script of its own entry. */
const isEntry = (id: string): boolean => /[\\/]src[\\/](frame|main|renderjs)\.ts$/.test(id);

/** A group of what `of` has: a chunk, and with it what its modules need and no group of higher priority has. */
function group(name: string, of: ReadonlySet<string>, priority: number, minShareCount = 1) {
  return { name, test: (id: string) => of.has(id) && !isEntry(id), priority, minShareCount };
}

const gadget = (name: string): string => `src/gadgets/${name}/${name}.ts`;

/** Views of tables, that show the same cards. */
const tableViews = ['orders', 'clients', 'explore'];

/** Modules of the views whose scripts the page asks for beside its own, by the name an address has for them. */
export function viewModules(): Readonly<Record<string, string>> {
  return Object.fromEntries(tableViews.map((view) => [view, gadget(view)]));
}

/**
 * What pages and portals load in few scripts: a browser asks a store for six files at a time, and a train answers each after
 * half a second. A portal's page gets nothing of the workbench's.
 */
export function chunkGroups() {
  const frame = closureOf('src/main.ts');
  const cards = closureOf(...[...tableViews, 'trend', 'bars', 'grid'].map(gadget));
  // The frame shows its filter bar beside every view.
  const shell = new Set([...frame, ...closureOf(gadget('filter-bar'))]);
  // What the cards share with the shell and with the first view, which shows no other card, and what a figure draws late.
  const shared = new Set([
    ...[...shell, ...closureOf(gadget('home'))].filter((file) => cards.has(file)),
    ...closureOf('src/gadgets/figure/sparkline.ts'),
  ]);
  return [
    // No portal shows anything without what a figure is made of.
    group('portal', closureOf('src/embed/page-portal.ts', gadget('figure')), 5),
    { ...group('shared', shared, 4), test: (id: string) => shared.has(id) || isDirective(id) },
    group('shell', shell, 2),
    group('cards', cards, 1),
  ];
}

/** What a worker begins with is one script; what it needs of arrays comes with the first of them. */
export function workerGroups() {
  const arrays = closureOf(
    'src/storage/http-array-store.ts',
    'src/workers/arrays/local-arrays.ts',
    'src/workers/arrays/array-world.ts',
  );
  return [{ name: 'worker', tags: ['$initial' as const], priority: 2 }, group('arrays', arrays, 1)];
}

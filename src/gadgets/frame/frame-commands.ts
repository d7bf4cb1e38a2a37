import { msg } from '@lit/localize';
import type { ViewName } from '../../protocol/workspace.ts';
import type { PreferenceStore } from '../preferences.ts';
import type { Command } from './finds.ts';
import type { ViewActions } from './view-actions.ts';
import type { WorkspaceHistory } from './workspace-history.ts';

/** What commands act on. */
export interface Commanded {
  /** Those of the view shown, where it has some. */
  readonly actions: () => ViewActions | null;
  readonly history: WorkspaceHistory;
  readonly preferences: PreferenceStore;
  readonly clear: () => void;
  readonly filtered: boolean;
  readonly goTo: (view: ViewName) => void;
  readonly shortcuts: () => void;
  readonly tour: () => void;
  readonly turnPanel: () => void;
  readonly retry: () => void;
}

/** The commands that make sense now. */
export function frameCommands(at: Commanded): readonly Command[] {
  const { history, preferences } = at;
  const commands: (Command | undefined)[] = [
    at.actions()
      ? { label: msg('Save view'), icon: 'bookmark', keys: 'Ctrl S', run: () => at.actions()?.askName() }
      : undefined,
    history.canUndo
      ? { label: msg('Undo'), icon: 'undo', keys: 'Ctrl Z', run: () => history.undo() }
      : undefined,
    history.canRedo
      ? { label: msg('Redo'), icon: 'redo', keys: 'Ctrl Shift Z', run: () => history.redo() }
      : undefined,
    at.filtered ? { label: msg('Clear all filters'), icon: 'x', run: at.clear } : undefined,
    { label: msg('Import a file'), icon: 'download', run: () => at.goTo('import') },
    { label: msg('Compose a page'), icon: 'page', run: () => at.goTo('page') },
    { label: msg('Compare two views'), icon: 'compare', run: () => at.goTo('compare') },
    { label: msg('Light theme'), icon: 'sun', run: () => preferences.set({ appearance: 'light' }) },
    { label: msg('Dark theme'), icon: 'moon', run: () => preferences.set({ appearance: 'dark' }) },
    {
      label: msg('Theme of the system'),
      icon: 'settings',
      run: () => preferences.set({ appearance: 'system' }),
    },
    { label: msg('Compact rows'), icon: 'sort', run: () => preferences.set({ density: 'compact' }) },
    { label: msg('Usual rows'), icon: 'sort', run: () => preferences.set({ density: 'default' }) },
    { label: msg('Print'), icon: 'page', run: () => window.print() },
    { label: msg('Narrow or widen the panel'), icon: 'panel', keys: '[', run: at.turnPanel },
    { label: msg('Keyboard shortcuts'), icon: 'keyboard', keys: '?', run: at.shortcuts },
    { label: msg('Tour of the workbench'), icon: 'info', run: at.tour },
    { label: msg('Try to reach the store again'), icon: 'updating', run: at.retry },
  ];
  return commands.filter((command) => command !== undefined);
}

import * as vscode from 'vscode';
import { readSettings } from '../base/settings.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';

/** A badge in the explorer on images with results: loaded only where the setting is on. */
export function registerBadges({ store }: { store: InspectionStore }): vscode.Disposable {
  let shown: vscode.Disposable | undefined;
  let wanted = false;
  const follow = async () => {
    if (wanted === readSettings().explorerBadge) return;
    wanted = !wanted;
    shown?.dispose();
    shown = undefined;
    if (!wanted) return;
    const { ImageBadges } = await import('./imageBadges.ts');
    // The setting may have been turned off meanwhile.
    if (wanted) shown = new ImageBadges(store);
  };
  void follow();
  const subscription = vscode.workspace.onDidChangeConfiguration(
    (change) => change.affectsConfiguration('imageInspector.explorerBadge') && void follow(),
  );
  return new vscode.Disposable(() => {
    subscription.dispose();
    shown?.dispose();
  });
}

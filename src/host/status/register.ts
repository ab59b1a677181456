import * as vscode from 'vscode';
import { activeImage } from '../base/activeImage.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import { imagesOf } from '../editor/commandImages.ts';
import type { Tasks } from '../session/tasks.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import type { UsageTracker } from './usageTracker.ts';

/** What tokens and money take. */
interface UsageServices {
  commands: CommandRegistry;
  files: VscodeImageFiles;
  tasks: Tasks;
  /** Loaded with the first image, or the first task. */
  usage: () => Promise<UsageTracker>;
}

/** Tokens and money: counting, choosing a model by price, the budget; the status bar follows the tasks. */
export function registerUsage({ commands, files, tasks, usage }: UsageServices): vscode.Disposable {
  const counting = lazy(async () => {
    const [{ TokenCounter }, { TokenCounting }] = await Promise.all([
      import('../../engine/usage/tokenCounter.ts'),
      import('./countTokens.ts'),
    ]);
    const { preparer } = await tasks.planner();
    return new TokenCounting(new TokenCounter(files, preparer, tasks.sender, tasks.rules), (await usage()).status);
  });
  commands.register('countTokens', async (call) => {
    const { uris } = await imagesOf(files, call);
    return uris.length === 0 ? undefined : (await counting()).count(uris, call);
  });
  commands.register('selectModel', async (call) =>
    (await import('./selectModel.ts')).selectModel(tasks.sender, tasks.rules.tokenBasis, call),
  );
  commands.register('showBudget', async () => (await import('./budgetView.ts')).showBudget(await (await usage()).overview()));
  commands.register('exportBudget', async () => (await import('./budgetView.ts')).exportBudget(await (await usage()).overview()));
  commands.register('resetCalibration', async () => (await usage()).resetCalibration());
  return vscode.Disposable.from(
    withFirstImage(usage),
    tasks.onDidProgress(async ({ call, running }) => {
      const { status } = await usage();
      for (const address of call.images)
        status.working(vscode.Uri.parse(address), running === undefined ? undefined : { found: running.detections.length });
    }),
  );
}

/** Loads what shows the tokens of images once one of them is active; it follows the editors itself from then on. */
function withFirstImage(load: () => Promise<unknown>): vscode.Disposable {
  const { tabGroups } = vscode.window;
  const look = () => {
    if (activeImage() === undefined) return;
    tabs.dispose();
    void load();
  };
  const tabs = vscode.Disposable.from(tabGroups.onDidChangeTabs(look), tabGroups.onDidChangeTabGroups(look));
  look();
  return tabs;
}

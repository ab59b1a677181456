import * as vscode from 'vscode';
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
  usage: UsageTracker;
}

/** Tokens and money: counting, choosing a model by price, the budget; the status bar follows the tasks. */
export function registerUsage({ commands, files, tasks, usage }: UsageServices): vscode.Disposable {
  const counting = lazy(async () => {
    const [{ TokenCounter }, { TokenCounting }] = await Promise.all([
      import('../../engine/usage/tokenCounter.ts'),
      import('./countTokens.ts'),
    ]);
    const { preparer } = await tasks.planner();
    return new TokenCounting(new TokenCounter(files, preparer, tasks.sender, tasks.rules), usage.status);
  });
  commands.register('countTokens', async (call) => {
    const { uris } = await imagesOf(files, call);
    return uris.length === 0 ? undefined : (await counting()).count(uris, call);
  });
  commands.register('selectModel', async (call) => (await import('./selectModel.ts')).selectModel(tasks.sender, () => usage.basis(), call));
  commands.register('showBudget', async () => (await import('./budgetView.ts')).showBudget(await usage.overview()));
  commands.register('exportBudget', async () => (await import('./budgetView.ts')).exportBudget(await usage.overview()));
  commands.register('resetCalibration', () => usage.resetCalibration());
  return tasks.onDidProgress(({ call, running }) => {
    for (const address of call.images)
      usage.status.working(vscode.Uri.parse(address), running === undefined ? undefined : { found: running.detections.length });
  });
}

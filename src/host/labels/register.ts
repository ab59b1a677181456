import type { CommandRegistry } from '../base/commandRegistry.ts';
import { lazy } from '../base/lazy.ts';
import type { LabelServices } from './labelCommands.ts';

/** Labels out of files: shown on their images, and compared with results. Nothing is sent. */
export function registerLabels({ commands, ...services }: LabelServices & { commands: CommandRegistry }): void {
  const labels = lazy(async () => {
    const { LabelCommands } = await import('./labelCommands.ts');
    return new LabelCommands(services);
  });
  commands.register('openLabels', async (call) => (await labels()).open(call));
  commands.register('evaluate', async (call) => (await labels()).evaluate(call));
}

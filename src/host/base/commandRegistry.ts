import * as vscode from 'vscode';
import { failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { notAnId } from '../../core/models/modelId.ts';
import { type CommandCall, type CommandOptions, readArguments } from '../../core/request/commandArguments.ts';
import { MEDIA_RESOLUTIONS } from '../../core/usage/tokens.ts';
import { ACTIONS_ANYWHERE, act } from './actions.ts';
import { forCallers, showFailure } from './failureMessages.ts';

/** The commands of the extension; each goes through the one failure wrapper. */
export class CommandRegistry implements vscode.Disposable {
  readonly #log: vscode.LogOutputChannel;
  readonly #commands: vscode.Disposable[] = [];

  constructor(log: vscode.LogOutputChannel) {
    this.#log = log;
  }

  /** Registers `imageInspector.<id>`; `run` is given the id too. */
  register<Id extends string>(id: Id, run: (call: CommandCall, id: Id) => unknown): void {
    this.#commands.push(
      vscode.commands.registerCommand(`imageInspector.${id}`, (...args: unknown[]) => this.#guarded(id, run, readArguments(args))),
    );
  }

  dispose(): void {
    vscode.Disposable.from(...this.#commands).dispose();
  }

  /** Shows a failure of something that is not a command. */
  readonly report = (error: unknown): void => {
    this.#log.error(error instanceof Error ? error : String(error));
    void showFailure(error, ['openLog']).then((action) => action && act(action));
  };

  /** A call from code rejects on failure, with an InspectorError that says all of it in its message, as text; a call from the user interface shows the message with its buttons and resolves to undefined. */
  async #guarded<Id extends string>(id: Id, run: (call: CommandCall, id: Id) => unknown, call: CommandCall): Promise<unknown> {
    try {
      assertKnown(call.options);
      return await run(call, id);
    } catch (error) {
      if (!(error instanceof InspectorError)) this.#log.error(error instanceof Error ? error : String(error));
      if (call.fromCode) throw forCallers(error);
      // Not awaited: the command has ended, whatever becomes of its message.
      void showFailure(error, ACTIONS_ANYWHERE).then((action) => action && act(action, failureView(error).enableUrl));
      return undefined;
    }
  }
}

/** A name that is not known does not stand for the default: nothing is sent. */
function assertKnown({ model = '', mediaResolution = 'default' }: CommandOptions): void {
  if (typeof model !== 'string') throw notAnId(String(model));
  if (!MEDIA_RESOLUTIONS.some((known) => known === mediaResolution))
    throw new InspectorError('server', t('"{0}" is none of these: {1}.', String(mediaResolution), MEDIA_RESOLUTIONS.join(', ')));
}

import * as vscode from 'vscode';
import { type FailureAction, failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { SETTING_RULES } from '../../core/base/settingRules.ts';
import { notAnId } from '../../core/models/modelId.ts';
import { type CommandCall, type CommandOptions, readArguments } from '../../core/request/commandArguments.ts';
import { lazy } from './lazy.ts';

/** What tells of failures; loaded with the first one. */
const failures = lazy(async () => ({ ...(await import('./actions.ts')), ...(await import('./failureMessages.ts')) }));

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
    void showWithActions(error, ['openLog']);
  };

  /** A call from code rejects on failure, with an InspectorError that says all of it in its message, as text; a call from the user interface shows the message with its buttons and resolves to undefined. */
  async #guarded<Id extends string>(id: Id, run: (call: CommandCall, id: Id) => unknown, call: CommandCall): Promise<unknown> {
    try {
      assertKnown(call.options);
      return await run(call, id);
    } catch (error) {
      if (!(error instanceof InspectorError)) this.#log.error(error instanceof Error ? error : String(error));
      if (call.fromCode) throw (await failures()).forCallers(error);
      // Not awaited: the command has ended, whatever becomes of its message.
      void showWithActions(error);
      return undefined;
    }
  }
}

/** Shows a failure, and does what the button stands for that is chosen; those that can be done anywhere, if it is not said which. */
async function showWithActions(error: unknown, possible?: readonly FailureAction[]): Promise<void> {
  const { act, ACTIONS_ANYWHERE, showFailure } = await failures();
  const action = await showFailure(error, possible ?? ACTIONS_ANYWHERE);
  if (action !== undefined) await act(action, failureView(error).enableUrl);
}

/** A name that is not known does not stand for the default: nothing is sent. */
function assertKnown({ model = '', mediaResolution = 'default' }: CommandOptions): void {
  if (typeof model !== 'string') throw notAnId(String(model));
  const resolutions = SETTING_RULES.mediaResolution.enum;
  if (!resolutions.some((known) => known === mediaResolution))
    throw new InspectorError('server', t('"{0}" is none of these: {1}.', String(mediaResolution), resolutions.join(', ')));
}

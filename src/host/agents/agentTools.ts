import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { formatNumber, formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { cutText } from '../../core/tools/toolAnswer.ts';
import { TOOL_NAMES, type ToolName } from '../../core/tools/toolSpecs.ts';
import { Job } from '../../engine/sending/job.ts';
import { addPermit } from '../../engine/sending/permits.ts';
import { ToolBudget } from '../../engine/tools/toolBudget.ts';
import { Toolbox, type ToolParts } from '../../engine/tools/toolbox.ts';
import type { ToolPicture } from '../../engine/tools/toolPictures.ts';
import { destination } from '../base/destination.ts';
import { readToolSettings } from '../base/settings.ts';
import type { Tasks } from '../session/tasks.ts';
import { mayShow } from './pictureConsent.ts';
import { addressFor, addressInside } from './toolPaths.ts';

/** What tools of agents take. */
export interface AgentServices {
  context: vscode.ExtensionContext;
  tasks: Tasks;
}

/** The tools as VS Code calls them. Its own confirmation may be given by a setting and is no consent: that is asked for by the sender. */
export class AgentTools {
  readonly #budget: ToolBudget;
  readonly #toolbox: Toolbox;
  /** Asks nothing. */
  readonly #prices: Toolbox;

  constructor({ context, tasks }: AgentServices) {
    this.#budget = new ToolBudget({
      limit: () => readToolSettings().maxUsdPerSession,
      basis: () => tasks.rules.tokenBasis(),
      exceeded: (limit) =>
        t('This would exceed the limit of {0} that tools may spend in this window. You can change it in the settings.', formatUsd(limit)),
    });
    const parts: ToolParts = {
      files: tasks.files,
      rules: tasks.rules,
      worker: tasks.worker,
      preparer: async () => (await tasks.planner()).preparer,
      run: async (call, job) => {
        addPermit(job, this.#budget.permit);
        let usd: number | undefined;
        try {
          const inspection = await tasks.run(call, job);
          usd = inspection.tokens.costUsd;
          return inspection;
        } catch (error) {
          // What the API answers with an error is not billed; of what was broken off nobody knows.
          if (error instanceof InspectorError && error.reason !== 'cancelled' && error.reason !== 'timeout') usd = 0;
          throw error;
        } finally {
          this.#budget.settle((outgoing) => outgoing.job === job, usd);
        }
      },
      resolve: addressFor,
      mayShow: () => mayShow(context),
      admit: async () => this.#budget.admit(),
    };
    this.#toolbox = new Toolbox(parts);
    this.#prices = new Toolbox({ ...parts, resolve: addressInside });
  }

  /** What is going to happen, for the chat to show. */
  async prepare(fullName: string, input: unknown): Promise<vscode.PreparedToolInvocation> {
    const name = toolName(fullName);
    const paths = pathsIn(input).map((path) => sanitizeForUi(path, 80));
    const which = paths.length === 1 ? (paths[0] as string) : t('{0} images', formatNumber(paths.length));
    if (name === 'crop' || name === 'tokens') return { invocationMessage: t('Looking at {0}', which) };
    const price = await this.#priceOf(input);
    return {
      invocationMessage: t('Asking Gemini about {0}', which),
      confirmationMessages: {
        title: t('Send {0} to Gemini?', which),
        message: [
          t('To: {0}', sanitizeForUi(destination(), 120)),
          ...(price === undefined ? [] : [t('Input cost: {0} + output', price)]),
        ].join('\n\n'),
      },
    };
  }

  /** Rejects with an error whose message begins with the reason: the chat gives it to its model. */
  async invoke(fullName: string, input: unknown, token: vscode.CancellationToken): Promise<vscode.LanguageModelToolResult> {
    const job = new Job(1, 1, true);
    const subscription = token.onCancellationRequested(() => job.cancel());
    try {
      if (!readToolSettings().enabled)
        throw new InspectorError('unsupported', t('The setting "{0}" is off.', 'imageInspector.tools.enabled'));
      const { answer, picture } = await this.#toolbox.call(toolName(fullName), input, job);
      const text = new vscode.LanguageModelTextPart(JSON.stringify(answer));
      const parts = picture === undefined ? [text] : [text, ...dataParts(picture)];
      return new vscode.LanguageModelToolResult(parts);
    } catch (error) {
      if (!(error instanceof InspectorError)) throw error;
      throw new Error(cutText(`${error.reason}: ${error.message} ${error.detail}`.trim()), { cause: error });
    } finally {
      subscription.dispose();
    }
  }

  async #priceOf(input: unknown): Promise<string | undefined> {
    try {
      const { answer } = await this.#prices.call('tokens', { paths: pathsIn(input) });
      const tokens = t('about {0} tokens', formatNumber(Number(answer.tokens)));
      return typeof answer.costUsd === 'number' ? `${tokens}, ${formatUsd(answer.costUsd)}` : tokens;
    } catch {
      // The call itself will say what is wrong.
      return undefined;
    }
  }
}

/** The class is there from VS Code 1.106 on; its types are not in those of the oldest version that is supported. */
function dataParts({ data, mimeType }: ToolPicture): vscode.LanguageModelTextPart[] {
  const { LanguageModelDataPart } = vscode as unknown as {
    LanguageModelDataPart?: { image?: (data: Uint8Array, mime: string) => vscode.LanguageModelTextPart };
  };
  return LanguageModelDataPart?.image === undefined ? [] : [LanguageModelDataPart.image(data, mimeType)];
}

/** `imageInspector_readText` is `read_text` elsewhere. */
function toolName(fullName: string): ToolName {
  const own = fullName.replace(/^imageInspector_/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  const known = TOOL_NAMES.find((name) => name === own);
  if (known === undefined) throw new RangeError(`there is no tool "${fullName}"`);
  return known;
}

function pathsIn(input: unknown): string[] {
  const { path, paths } = (input ?? {}) as { path?: unknown; paths?: unknown };
  return [path, ...(Array.isArray(paths) ? paths : [])].filter((one): one is string => typeof one === 'string');
}

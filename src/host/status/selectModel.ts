import * as vscode from 'vscode';
import { formatNumber } from '../../core/base/format.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { notAnId, readModelId } from '../../core/models/modelId.ts';
import { type LiveModel, offeredModels } from '../../core/models/modelList.ts';
import { TABLE_DATE } from '../../core/models/modelTable.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { describeEnd, modelDescription } from '../../core/usage/modelDescription.ts';
import { describeChoice, modelChoices, resolutionChoices, resolutionName } from '../../core/usage/tokenChoices.ts';
import { MEDIA_RESOLUTIONS, type MediaResolution } from '../../core/usage/tokens.ts';
import { Job } from '../../engine/sending/job.ts';
import type { Sender } from '../../engine/sending/sender.ts';
import { activeImage, toUri } from '../base/activeImage.ts';
import { changeSetting } from '../base/changeSetting.ts';
import { titleOf } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';
import { readImageTokens } from './imageTokens.ts';

/** What choosing a row changes. */
type Change = { key: 'model' | 'mediaResolution'; value: string };

/** A row of the picker. `other`: the id of the model is asked for. */
interface ChoiceItem extends vscode.QuickPickItem {
  change?: Change | 'other';
}

/** What the picker shows. */
interface Choices {
  model: string;
  resolution: MediaResolution;
  /** Of the image at hand, as it would be sent. */
  size: Size | undefined;
  /** As the API lists them; `asking` as long as it has not answered, undefined where it could not be asked. */
  live: readonly LiveModel[] | 'asking' | undefined;
}

/**
 * Lets the user choose the resolution or the model, with what the active image would then cost. Choosing applies it at once, in the user's settings or where the
 * workspace already sets it. A call from code sets the model that it names, if it names one, and resolves to the one that holds.
 */
export async function selectModel(sender: Sender, basis: () => TokenBasis, call: CommandCall): Promise<string | undefined> {
  if (call.fromCode) return setModel(call);
  const uri = activeImage();
  const settings = readSettings(uri);
  const image = uri && (await readImageTokens(uri, settings, basis()).catch(() => undefined));
  let choices: Choices = { model: settings.model, resolution: settings.mediaResolution, size: image?.size, live: 'asking' };
  const picker = vscode.window.createQuickPick<ChoiceItem>();
  picker.title =
    uri === undefined
      ? t('Model and Resolution for All Images')
      : t('Model and Resolution for All Images · tokens of {0}', sanitizeForUi(titleOf(uri), 60));
  picker.placeholder = t('Choose a resolution or a model, or type the id of another model');
  picker.matchOnDescription = true;
  const show = () => {
    const active = rowKey(picker.activeItems[0]);
    picker.items = choiceItems(choices, basis(), picker.value);
    const again = picker.items.find((item) => rowKey(item) === active);
    if (active !== undefined && again !== undefined) picker.activeItems = [again];
  };
  show();
  picker.busy = true;
  const job = new Job();
  const typing = picker.onDidChangeValue(show);
  void liveModels(sender, job).then((live) => {
    choices = { ...choices, live };
    picker.busy = false;
    show();
  });
  const chosen = await new Promise<ChoiceItem['change']>((resolve) => {
    picker.onDidAccept(() => resolve(picker.selectedItems[0]?.change));
    picker.onDidHide(() => resolve(undefined));
    picker.show();
  });
  job.cancel();
  typing.dispose();
  picker.dispose();
  const change = chosen === 'other' ? await askForModel(settings.model) : chosen;
  if (change !== undefined) await changeSetting(change.key, change.value, uri);
  return undefined;
}

async function setModel({ uris: [first], options }: CommandCall): Promise<string> {
  const uri = first === undefined ? undefined : toUri(first);
  if (options.model !== undefined) {
    const id = typeof options.model === 'string' ? readModelId(options.model) : undefined;
    if (id === undefined) throw notAnId(String(options.model));
    await changeSetting('model', id, uri);
  }
  return readSettings(uri).model;
}

/** Any id: of a model that the list does not have, or that is the user's own. */
async function askForModel(holding: string): Promise<Change | undefined> {
  const typed = await vscode.window.showInputBox({
    title: t('Another Model'),
    prompt: t('The id of a model that your key may use. Its tokens and abilities are taken from the number in it.'),
    value: holding,
    validateInput: (text) => {
      if (text.trim() === '' || readModelId(text) !== undefined) return undefined;
      return t('An id has letters, digits, dots and dashes, such as gemini-3.8-flash.');
    },
  });
  const id = readModelId(typed ?? '');
  return id === undefined ? undefined : { key: 'model', value: id };
}

/** What the API lists for this key; undefined without a key or network, which the table then stands in for. */
async function liveModels(sender: Sender, job: Job): Promise<LiveModel[] | undefined> {
  try {
    return await sender.listModels(job);
  } catch {
    return undefined;
  }
}

function choiceItems(choices: Choices, basis: TokenBasis, typed: string): ChoiceItem[] {
  const { model, resolution, size } = choices;
  const resolutions = resolutionChoices(size, model, basis).map(
    (choice): ChoiceItem => ({
      label: marked(resolutionName(choice.value), choice.value === resolution),
      description: describeChoice(choice),
      change: { key: 'mediaResolution', value: choice.value },
    }),
  );
  const models = modelItems(choices, basis);
  const custom = readModelId(typed);
  const isNew =
    custom !== undefined &&
    !models.some((item) => rowKey(item) === `model ${custom}`) &&
    !MEDIA_RESOLUTIONS.some((one) => one === custom.toLowerCase());
  return [
    { label: t('resolution, with {0}', sanitizeForUi(model)), kind: vscode.QuickPickItemKind.Separator },
    ...resolutions,
    { label: listName(choices), kind: vscode.QuickPickItemKind.Separator },
    ...models,
    ...(isNew
      ? [{ label: t('Use "{0}"', sanitizeForUi(custom)), change: { key: 'model' as const, value: custom }, alwaysShow: true }]
      : []),
    { label: marked(t('Other…'), false), change: 'other' },
  ];
}

function modelItems({ model, resolution, size, live }: Choices, basis: TokenBasis): ChoiceItem[] {
  const offered = offeredModels(model, live === 'asking' ? undefined : live, basis.date, basis.lives);
  const ids = offered.map(({ id }) => id);
  return modelChoices(size, ids, resolution, basis).map((choice, index): ChoiceItem => {
    const { inputTokenLimit: limit, remarks = [] } = offered[index] ?? {};
    const words = describeChoice({ ...choice, remarks: [...choice.remarks, ...remarks] });
    const warns = remarks.length > 0 || describeEnd(choice.value, basis.date, basis.lives).length > 0;
    const tokens = limit === undefined ? [] : [t('{0} tokens in', formatNumber(limit))];
    return {
      label: marked(sanitizeForUi(choice.value), choice.value === model),
      description: `${warns ? '$(warning) ' : ''}${words}`,
      detail: [modelDescription(choice.value, basis), ...tokens].join(' · '),
      change: { key: 'model', value: choice.value },
    };
  });
}

/** Says of which day the prices are, and where the list comes from when it is not the API's. */
function listName({ live }: Choices): string {
  return live === undefined
    ? t('model, table and prices of {0}: the API could not be asked', TABLE_DATE)
    : t('model, prices of {0}', TABLE_DATE);
}

function rowKey(item: ChoiceItem | undefined): string | undefined {
  const change = item?.change;
  return change === undefined || change === 'other' ? change : `${change.key} ${change.value}`;
}

function marked(name: string, holds: boolean): string {
  return `$(${holds ? 'check' : 'blank'}) ${name}`;
}

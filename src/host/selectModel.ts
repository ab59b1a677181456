import * as vscode from 'vscode';
import { formatRate } from '../core/figures.ts';
import type { Size } from '../core/geometry.ts';
import { t } from '../core/l10n.ts';
import { currentModels, priceAt } from '../core/models.ts';
import { plain } from '../core/plain.ts';
import { choiceText, modelChoices, resolutionChoices, resolutionName, type TokenBasis } from '../core/tokenChoices.ts';
import { MEDIA_RESOLUTIONS, type MediaResolution } from '../core/tokens.ts';
import { activeImage } from './activeImage.ts';
import { nameOf } from './imageFile.ts';
import { readImageTokens } from './imageTokens.ts';
import { Job } from './job.ts';
import type { Sender } from './sender.ts';
import { changeSetting, readSettings } from './settings.ts';

/** A row of the picker, and what choosing it changes. */
interface ChoiceItem extends vscode.QuickPickItem {
  change?: { key: 'model' | 'mediaResolution'; value: string };
}

/** What the picker shows. */
interface Choices {
  model: string;
  resolution: MediaResolution;
  /** Of the image at hand, as it would be sent. */
  size: Size | undefined;
  /** Ids, in the order of the list. */
  models: readonly string[];
}

/**
 * Lets the user choose the resolution or the model, with what the active image would then cost. Choosing applies it at once, in the user's settings or where the
 * workspace already sets it.
 */
export async function selectModel(sender: Sender, basis: () => TokenBasis): Promise<void> {
  const uri = activeImage();
  const settings = readSettings(uri);
  const image = uri && (await readImageTokens(uri, settings, basis().calibration).catch(() => undefined));
  const offered = currentModels(new Date()).map(({ id }) => id);
  let choices: Choices = { model: settings.model, resolution: settings.mediaResolution, size: image?.size, models: offered };
  const picker = vscode.window.createQuickPick<ChoiceItem>();
  picker.title = uri === undefined ? t('Model and Resolution') : t('Model and Resolution for {0}', plain(nameOf(uri), 60));
  picker.placeholder = t('Choose a resolution or a model, or type the id of another model');
  picker.matchOnDescription = true;
  const show = () => {
    const active = picker.activeItems[0]?.change;
    picker.items = choiceItems(choices, basis(), picker.value);
    const again = picker.items.find(({ change }) => change?.key === active?.key && change?.value === active?.value);
    if (active !== undefined && again !== undefined) picker.activeItems = [again];
  };
  show();
  picker.busy = true;
  const job = new Job();
  const typing = picker.onDidChangeValue(show);
  void liveModels(sender, job).then((live) => {
    const known = offered.filter((id) => live.length === 0 || live.includes(id));
    choices = { ...choices, models: [...known, ...live.filter((id) => !known.includes(id))] };
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
  if (chosen !== undefined) await changeSetting(chosen.key, chosen.value, uri);
}

/** The ids that the API lists for this key; none without a key or network, which the table then stands in for. */
async function liveModels(sender: Sender, job: Job): Promise<string[]> {
  try {
    return (await sender.listModels(job)).map(({ id }) => id);
  } catch {
    return [];
  }
}

function choiceItems({ model, resolution, size, models }: Choices, basis: TokenBasis, typed: string): ChoiceItem[] {
  const resolutions = resolutionChoices(size, model, basis).map(
    (choice): ChoiceItem => ({
      label: marked(resolutionName(choice.value), choice.value === resolution),
      description: choiceText(choice),
      change: { key: 'mediaResolution', value: choice.value },
    }),
  );
  const offered = modelChoices(size, models, resolution, basis).map(
    (choice): ChoiceItem => ({
      label: marked(plain(choice.value), choice.value === model),
      description: size === undefined ? [rates(choice.value, basis), ...choice.remarks].join(' · ') : choiceText(choice),
      change: { key: 'model', value: choice.value },
    }),
  );
  const custom = typed.trim();
  const isNew = custom !== '' && !models.includes(custom) && !MEDIA_RESOLUTIONS.some((one) => one === custom.toLowerCase());
  return [
    { label: t('resolution, with {0}', plain(model)), kind: vscode.QuickPickItemKind.Separator },
    ...resolutions,
    { label: t('model'), kind: vscode.QuickPickItemKind.Separator },
    ...offered,
    ...(isNew ? [{ label: t('Use "{0}"', plain(custom)), change: { key: 'model' as const, value: custom }, alwaysShow: true }] : []),
  ];
}

function marked(name: string, holds: boolean): string {
  return `$(${holds ? 'check' : 'blank'}) ${name}`;
}

function rates(model: string, { date, prices }: TokenBasis): string {
  const price = priceAt(model, date, prices);
  return price === undefined ? t('price unknown') : t('{0} in, {1} out for 1M tokens', formatRate(price.input), formatRate(price.output));
}

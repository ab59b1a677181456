import type * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { CommandCall } from '../../core/request/commandArguments.ts';
import { MEDIA_RESOLUTIONS } from '../../core/usage/tokens.ts';
import { readImage } from '../../engine/files/imageInfo.ts';
import type { Reading } from '../../engine/labels/readLabels.ts';
import { Job } from '../../engine/sending/job.ts';
import type { TryChoice, TryRow } from '../../tryProtocol.ts';
import { noImage, toUri } from '../base/activeImage.ts';
import { onCancelled } from '../base/onCancelled.ts';
import { readSettings } from '../base/settings.ts';
import { imagesOf } from '../editor/commandImages.ts';
import { attended } from '../labels/attended.ts';
import { labelsOfMany } from '../labels/manyLabels.ts';
import { labelsAs } from '../labels/setScore.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import { isTriedTask, type TrialImage, TrialSession } from './trialSession.ts';
import { TryPanel, type TryPanelParts } from './tryPanel.ts';

/** Trials are for a few images; many are a set. */
const MOST_IMAGES = 50;

/** What Try Models takes. */
export interface TryServices extends TryPanelParts {
  files: VscodeImageFiles;
}

/**
 * Compares several ways to ask the same: models, resolutions, words. From the interface on a page where they are chosen; from code they are tried at once, and it resolves to
 * what they came to.
 */
export async function tryModels(call: CommandCall, services: TryServices): Promise<TryRow[] | undefined> {
  const named = call.options.uris?.map(toUri);
  const uris = named ?? (await imagesOf(services.files, call, true)).uris;
  const [first] = uris;
  if (first === undefined) {
    if (call.fromCode) throw noImage();
    return undefined;
  }
  if (uris.length > MOST_IMAGES)
    throw new InspectorError('unsupported', t('Models are tried on at most {0} images.', MOST_IMAGES), {
      detail: t('Select fewer images, or inspect the folder.'),
    });
  const images = await attended(call, services.extension, (reading) => readImages(uris, call.options.file, services.files, reading));
  const session = new TrialSession(images, services.tasks);
  const choice = choiceOf(call, first);
  if (!call.fromCode) {
    new TryPanel(services, session, choice);
    return undefined;
  }
  const { requests } = session.forecast(choice);
  const job = new Job(requests, 1, true);
  const subscription = onCancelled(call.options.token, () => job.cancel());
  try {
    await session.run(choice, () => undefined, job);
  } finally {
    subscription?.dispose();
  }
  return session.results().rows;
}

function choiceOf({ options }: CommandCall, uri: vscode.Uri): TryChoice {
  const { model, mediaResolution } = readSettings(uri);
  const { task = 'detect', query = '', models = [model], mediaResolutions = [mediaResolution], queries = [query] } = options;
  if (!isTriedTask(task)) throw new InspectorError('unsupported', t('"{0}" is none of these: {1}.', String(task), 'detect, segment'));
  const resolutions = MEDIA_RESOLUTIONS.filter((one) => mediaResolutions.includes(one));
  return { task, models, resolutions, queries };
}

/** What their headers say, and their labels. Rejects as the first image that cannot be read. */
async function readImages(
  uris: readonly vscode.Uri[],
  file: CommandCall['options']['file'],
  files: VscodeImageFiles,
  reading: Reading,
): Promise<TrialImage[]> {
  const labelsOf = await labelsOfMany(file === undefined ? undefined : toUri(file), reading);
  return Promise.all(
    uris.map(async (uri): Promise<TrialImage> => {
      const address = uri.toString();
      const { header, sha256 } = await readImage(files, address);
      // Labels that cannot be read are none.
      const labels = await labelsOf(uri).catch(() => undefined);
      reading.signal?.throwIfAborted();
      const image = { uri: address, sha256, mimeType: header.mimeType, ...header.upright };
      return { uri, address, header, labels: labels && labelsAs(labels, image) };
    }),
  );
}

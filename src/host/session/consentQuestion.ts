import * as vscode from 'vscode';
import { formatBytes, formatNumber, formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { vertexAt } from '../../core/models/vertex.ts';
import { addressesIn, type GeminiRequest, partsOf, speedOf } from '../../core/request/request.ts';
import { MOST_SEGMENTED } from '../../core/request/segmentation.ts';
import { consentCostLines } from '../../core/usage/consentCost.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { describeEnd } from '../../core/usage/modelDescription.ts';
import { jobInputTokens } from '../../engine/sending/jobTokens.ts';
import type { OutgoingRequest } from '../../engine/sending/outgoing.ts';

/** Tells what goes where and asks whether it may. Resolves to true only when the user chose Send, to `details` when everything of one request is to be seen first. */
export async function askConsent(outgoing: OutgoingRequest, basis: TokenBasis): Promise<boolean | 'details'> {
  if (outgoing.series !== undefined) return askSeries(outgoing, outgoing.series.calls);
  const { job, images, request, destination } = outgoing;
  const name = sanitizeForUi(images[0]?.name ?? '', 80);
  const count = Math.max(job.imageCount, images.length);
  const bytes = images.reduce((sum, image) => sum + image.body.size, 0);
  const size = formatBytes(bytes);
  const cost = {
    model: request.model,
    inputTokens: outgoing.inputTokens,
    requests: job.imageCount,
    times: job.times,
    speed: outgoing.isBatch ? ('batch' as const) : speedOf(request),
    allTokens: await jobInputTokens(outgoing),
    isFree: outgoing.isFree === true,
  };
  const lines = [
    destinationLine(destination),
    ...(job.several === undefined
      ? [t('Model: {0}', [sanitizeForUi(request.model), ...describeEnd(request.model, basis.date, basis.lives)].join(', '))]
      : [t('Models: {0}', job.several.models.map((model) => sanitizeForUi(model, 60)).join(', '))]),
    sizeLine(outgoing, size),
    ...(job.several === undefined ? consentCostLines(cost, basis) : [severalCostLine(job.imageCount, job.several)]),
    ...(speedOf(request) === 'flex' && !outgoing.isFree ? [t('Speed: flex, for half the price; it may take 15 minutes')] : []),
    outgoing.isBatch ? batchHowLine() : howLine(request),
    '',
    addressesIn(request).length > 0
      ? t('The address is sent, not the image. Google sees the whole file that is there.')
      : t('Location, camera, and date metadata are not sent.'),
  ];
  const send = { title: t('Send') };
  const message =
    job.times > 1
      ? t('Send {0} to Gemini {1} times?', name, job.times)
      : count > 1
        ? t('Send {0} images to Gemini?', job.several?.images ?? count)
        : t('Send {0} to Gemini?', name);
  const details = { title: t('Show Details') };
  const buttons = job.imageCount > 1 || job.times > 1 ? [send] : [send, details];
  const answer = await vscode.window.showInformationMessage(message, { modal: true, detail: lines.join('\n') }, ...buttons);
  return answer === details ? 'details' : answer === send;
}

/** The question about several calls for the objects of a result, of which no price is known. */
async function askSeries({ job, images, request, destination }: OutgoingRequest, calls: number): Promise<boolean> {
  const name = sanitizeForUi(images[0]?.name ?? '', 80);
  const isAlone = job.imageCount === 1 && job.times === 1;
  const lines = [
    destinationLine(destination),
    t('Model: {0}', request.model),
    isAlone
      ? t('{0} calls, price not published here', calls)
      : t('Up to {0} calls for each image or run, price not published here', MOST_SEGMENTED),
    '',
    t('Each call sends the part of the image around one object, and its label. Covered areas stay covered.'),
  ];
  const send = { title: t('Send') };
  const message = isAlone ? t('Ask the mask engine for each object of {0}?', name) : t('Ask the mask engine for each object?');
  return (await vscode.window.showInformationMessage(message, { modal: true, detail: lines.join('\n') }, send)) === send;
}

/** What requests to several models come to. */
function severalCostLine(requests: number, { costUsd: [least, most], unpriced }: NonNullable<OutgoingRequest['job']['several']>): string {
  const sum = t('{0} requests: {1} to {2}', formatNumber(requests), formatUsd(least), formatUsd(most));
  return unpriced.length === 0 ? sum : `${sum}; ${t('price unknown: {0}', sanitizeForUi(unpriced.join(', '), 200))}`;
}

function destinationLine(destination: string): string {
  const host = sanitizeForUi(new URL(destination).host);
  const place = vertexAt(destination);
  if (place === undefined) return t('To: {0}', host);
  return t('To: {0}, Vertex AI, project {1}, location {2}', host, sanitizeForUi(place.project), sanitizeForUi(place.location));
}

/** Of the image; of the first one of several requests; of all in one request, with their names. */
function sizeLine({ job, images }: OutgoingRequest, size: string): string {
  const names = images.map(({ name }) => sanitizeForUi(name, 40)).join(', ');
  if (images.length > 1) return t('Total in one request: {0}, {1}', sanitizeForUi(names, 400), size);
  return job.imageCount > 1 ? t('The first of them: {0}, {1}', names, size) : t('Size: {0}', size);
}

/** Of a batch the images lie with Google until they are answered. */
function batchHowLine(): string {
  return t(
    'Batch, for half the price; it may take a day. The images are uploaded and stay with Google until their part of the batch ends, at most 48 hours.',
  );
}

/** Whether the picture lies in the request alone, or is kept by Google for a while. */
function howLine(request: GeminiRequest): string {
  const [address] = addressesIn(request);
  if (address !== undefined) return t('How: Google fetches it from {0}', sanitizeForUi(address, 300));
  const isFile = partsOf(request).some((part) => part.kind === 'image' && part.source.kind === 'file');
  return isFile ? t('How: by the Files API, which keeps the image for 48 hours') : t('How: inside the request');
}

import type { Size } from '../../core/base/geometry.ts';
import { TASKS, type Task } from '../../core/inspection/inspection.ts';
import { modelInfo, priceAt } from '../../core/models/models.ts';
import { TABLE_DATE } from '../../core/models/modelTable.ts';
import { SPEED_SHARE } from '../../core/models/speed.ts';
import { heldResolutions } from '../../core/request/buildRequest.ts';
import { estimateImage } from '../../core/request/estimateImage.ts';
import { promptFor } from '../../core/request/prompts.ts';
import { calibrationKey } from '../../core/usage/calibration.ts';
import type { CostBasis } from '../../core/usage/costBasis.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { describeEnd } from '../../core/usage/modelDescription.ts';
import { nextSmallerSize, type SmallerSize } from '../../core/usage/smallerSize.ts';
import type { Calibration } from '../../core/usage/storedCalibration.ts';
import { estimateTextTokens } from '../../core/usage/tokens.ts';
import { readSettings, type Settings } from '../base/settings.ts';
import type { Session } from '../session/session.ts';

/** What a request with the current model and resolution would cost; undefined while the image's header has not been read. */
export function costBasis(session: Session, settings: Settings, basis: TokenBasis): CostBasis | undefined {
  const header = session.info?.header;
  const { calibration, prices, date, backend } = basis;
  if (header === undefined) return undefined;
  const { model, mediaResolution } = settings;
  const { size: sent, estimate } = estimateImage(header, settings, basis);
  const { tokens, tiles } = estimate;
  const smaller = smallerSize(sent, settings, basis);
  const price = priceAt(model, date, prices);
  const modelNotes = describeEnd(model, date, basis.lives);
  return {
    imageTokens: tokens,
    rule: {
      mimeType: header.mimeType,
      mediaResolution,
      calibration: ofOne(calibration, calibrationKey(modelInfo(model, date), mediaResolution, backend)),
      date: date.toISOString(),
      ...(backend === undefined ? {} : { backend }),
    },
    ...(session.images.length > 1 ? { otherImageTokens: otherImageTokens(session, settings, basis) } : {}),
    instructionTokens: instructionTokens(settings, date),
    ...(price === undefined
      ? {}
      : {
          inputPrice: price.input * SPEED_SHARE[settings.speed],
          outputPrice: price.output * SPEED_SHARE[settings.speed],
          priceOld: price.old,
        }),
    ...(price?.source === 'table' ? { priceDate: TABLE_DATE.slice(0, 7) } : {}),
    ...(modelNotes.length === 0 ? {} : { modelNotes }),
    // The page draws over the picture as it is, not as it is sent.
    ...(tiles === undefined ? {} : { tiles: { ...tiles, unit: (tiles.unit * header.upright.width) / sent.width } }),
    ...(smaller === undefined ? {} : { smaller }),
  };
}

/** The next smaller size by the rule, if it costs less by what was learnt, too. */
function smallerSize(sent: Size, settings: Settings, basis: TokenBasis): SmallerSize | undefined {
  const smaller = nextSmallerSize(sent, modelInfo(settings.model, basis.date), settings.mediaResolution, basis.backend);
  if (smaller === undefined) return undefined;
  const tokensOf = (size: Size) => estimateImage(size, settings, basis).estimate.tokens;
  const tokens = tokensOf(smaller);
  return tokens < tokensOf(sent) ? { ...smaller, tokens } : undefined;
}

/** What was learnt of one kind of request. */
function ofOne(calibration: Calibration, key: string): Calibration {
  const samples = calibration[key];
  return samples === undefined ? {} : { [key]: samples };
}

/** Of the images that the session's own is compared with, where their headers could be read: each in the size and resolution that hold for its folder. */
function otherImageTokens(session: Session, { model, mediaResolution }: Settings, basis: TokenBasis): Record<string, number> {
  const known = session.images.slice(1).flatMap(({ uri, info }): [string, number][] => {
    if (info?.header === undefined) return [];
    const own = readSettings(uri);
    const [, resolution = mediaResolution] = heldResolutions(modelInfo(model, basis.date), [mediaResolution, own.mediaResolution]);
    const { estimate } = estimateImage(info.header, { ...own, model, mediaResolution: resolution }, basis);
    return [[uri.toString(), estimate.tokens]];
  });
  return Object.fromEntries(known);
}

/** Of the words that go along with those of the user, by task. */
function instructionTokens(
  { model, outputLanguage, pointInAnswers, systemInstruction }: Settings,
  date: Date,
): CostBasis['instructionTokens'] {
  const { maskFormat } = modelInfo(model, date);
  const tokensOf = (task: Task) =>
    estimateTextTokens(
      promptFor(task, { query: '', labels: [], images: 1, isFollowUp: false, outputLanguage, pointInAnswers, maskFormat }),
    ) + estimateTextTokens(systemInstruction);
  return Object.fromEntries(TASKS.map((task) => [task, tokensOf(task)]));
}

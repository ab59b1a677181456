import type { Size } from '../base/geometry.ts';
import { modelInfo } from '../models/models.ts';
import type { OwnPrices } from '../models/ownPrices.ts';
import type { ReportedLives } from '../models/reportedLife.ts';
import type { Backend } from '../models/vertex.ts';
import { calibrated, calibrationKey } from './calibration.ts';
import type { Calibration } from './storedCalibration.ts';
import { estimateImageTokens, type MediaResolution, type TokenEstimate } from './tokens.ts';

/** What estimates depend on besides the image, the model and the resolution. */
export interface TokenBasis {
  calibration: Calibration;
  prices: OwnPrices;
  /** The day on which the rules and prices of models have to hold. */
  date: Date;
  /** Who is asked; the Gemini API if unset. */
  backend?: Backend;
  /** What Gemini has said of the lives of models. */
  lives?: ReportedLives;
}

/** The image tokens of a picture of that size, as sent: by rule, or as the user's own calls say. */
export function estimateFor(
  size: Size,
  model: string,
  resolution: MediaResolution,
  { calibration, date, backend }: Pick<TokenBasis, 'calibration' | 'date' | 'backend'>,
): TokenEstimate {
  const info = modelInfo(model, date);
  return calibrated(estimateImageTokens(size, info, resolution, backend), calibration[calibrationKey(info, resolution, backend)]);
}

import { isRecord } from '../base/shape.ts';

/** The images of one request: what the rules said of them together, and what was billed. */
export interface CalibrationSample {
  images: number;
  documented: number;
  observed?: number;
  billed: number;
}

/** The latest samples of each kind of request, oldest first; plain JSON, kept between sessions. */
export type Calibration = Readonly<Record<string, readonly CalibrationSample[]>>;

/** What was kept, as far as it can be used. */
export function readCalibration(stored: unknown): Calibration {
  if (!isRecord(stored)) return {};
  const lists = Object.entries(stored).map(([key, list]) => [key, Array.isArray(list) ? list.filter(isSample) : []] as const);
  return Object.fromEntries(lists.filter(([, list]) => list.length > 0));
}

function isSample(value: unknown): value is CalibrationSample {
  if (!isRecord(value)) return false;
  const { images, documented, observed, billed } = value;
  return isPositive(images) && isPositive(documented) && isPositive(billed) && (observed === undefined || isPositive(observed));
}

function isPositive(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value) && value > 0;
}

import { readLives } from '../../core/models/reportedLife.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { readCalibration } from '../../core/usage/storedCalibration.ts';
import type { Memory } from '../sending/uploadCache.ts';

/** Where in the user's state it is kept. */
export const LEARNED_KEYS = { calibration: 'calibration', lives: 'modelStatus' } as const;

/** What the user's own calls have taught: what images were billed, and what replies have said of models. */
export function learned(memory: Pick<Memory, 'get'>): Required<Pick<TokenBasis, 'calibration' | 'lives'>> {
  return { calibration: readCalibration(memory.get(LEARNED_KEYS.calibration)), lives: readLives(memory.get(LEARNED_KEYS.lives)) };
}

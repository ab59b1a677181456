import { modelInfo } from '../../core/models/models.ts';
import { reroutedModel } from '../../core/models/reroutedModel.ts';
import { backendAt } from '../../core/models/vertex.ts';
import { sentResolution } from '../../core/request/request.ts';
import { calibrationKey, withSample } from '../../core/usage/calibration.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Calibration } from '../../core/usage/storedCalibration.ts';
import type { OutgoingRequest } from '../sending/outgoing.ts';
import type { Memory } from '../sending/uploadCache.ts';
import { LEARNED_KEYS, learned } from './learned.ts';

/** What the user's own calls were billed, in the user's state. */
export class CalibrationStore {
  readonly #memory: Memory;
  readonly #changed: () => void;

  constructor(memory: Memory, changed: () => void) {
    this.#memory = memory;
    this.#changed = changed;
  }

  get calibration(): Calibration {
    return learned(this.#memory).calibration;
  }

  /** Takes what the images of a request were billed, where the API said so. */
  async learn({ request, images, destination }: OutgoingRequest, { usage, modelVersion }: GeminiReply): Promise<void> {
    const date = new Date();
    const info = modelInfo(request.model, date);
    const resolution = sentResolution(request);
    if (resolution === undefined) return;
    const other = reroutedModel({ model: request.model, modelVersion });
    // A model with another rule that answered in its place says nothing of the one that was asked.
    if (other !== undefined && modelInfo(other, date).tokenRule !== info.tokenRule) return;
    const estimates = images.flatMap(({ estimate }) => estimate ?? []);
    if (usage?.image === undefined || estimates.length === 0 || estimates.length < images.length) return;
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
    const observed = estimates.flatMap((estimate) => estimate.observed ?? []);
    const sample = {
      images: estimates.length,
      documented: sum(estimates.map(({ documented }) => documented)),
      ...(observed.length === estimates.length ? { observed: sum(observed) } : {}),
      billed: usage.image,
    };
    const key = calibrationKey(info, resolution, backendAt(destination));
    await this.#memory.update(LEARNED_KEYS.calibration, withSample(this.calibration, key, sample));
    this.#changed();
  }

  async reset(): Promise<void> {
    await this.#memory.update(LEARNED_KEYS.calibration, undefined);
    this.#changed();
  }
}

import { lifeOf, type ReportedLives, withLife } from '../../core/models/reportedLife.ts';
import { reroutedModel } from '../../core/models/reroutedModel.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Memory } from '../sending/uploadCache.ts';
import { LEARNED_KEYS, learned } from './learned.ts';

/** What replies have said of the lives of models, in the user's state. */
export class ReportedLifeStore {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get lives(): ReportedLives {
    return learned(this.#memory).lives;
  }

  /** Takes what a reply says of the model that has answered. */
  async learn(model: string, { modelStatus, modelVersion }: Pick<GeminiReply, 'modelStatus' | 'modelVersion'>): Promise<void> {
    if (modelStatus === undefined) return;
    const answered = reroutedModel({ model, modelVersion }) ?? model;
    const known = lifeOf(answered, this.lives);
    if (known?.stage === modelStatus.stage && known?.retires === modelStatus.retires) return;
    await this.#memory.update(LEARNED_KEYS.lives, withLife(this.lives, answered, modelStatus));
  }
}

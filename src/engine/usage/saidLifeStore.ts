import { reroutedModel } from '../../core/models/reroutedModel.ts';
import { lifeOf, readLives, type SaidLives, withLife } from '../../core/models/saidLife.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { Memory } from '../sending/uploadCache.ts';

const KEY = 'modelStatus';

/** What replies have said of the lives of models, in the user's state. */
export class SaidLifeStore {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  get lives(): SaidLives {
    return readLives(this.#memory.get(KEY));
  }

  /** Takes what a reply says of the model that has answered. */
  async learn(model: string, { modelStatus, modelVersion }: Pick<GeminiReply, 'modelStatus' | 'modelVersion'>): Promise<void> {
    if (modelStatus === undefined) return;
    const answered = reroutedModel({ model, modelVersion }) ?? model;
    const known = lifeOf(answered, this.lives);
    if (known?.stage === modelStatus.stage && known?.retires === modelStatus.retires) return;
    await this.#memory.update(KEY, withLife(this.lives, answered, modelStatus));
  }
}

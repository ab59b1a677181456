import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { SetLock } from './setLock.ts';
import type { SetFiles } from './storage/setFiles.ts';

/** How long a set stays this process's own after something was written to it, in milliseconds: the next thing is likely to come soon. */
const HELD = 3000;

/** Keeps a set in the hands of this process while something is written to it. */
export class SetHold {
  readonly #files: SetFiles;
  readonly #opened: () => void;
  readonly #lost: () => void;
  #lock: SetLock | undefined;
  #opening: Promise<void> | undefined;
  #closing: Promise<void> = Promise.resolve();
  #users = 0;
  #letGo: NodeJS.Timeout | undefined;

  /** @param on `opened`: the set was read anew; `lost`: another process has taken it */
  constructor(files: SetFiles, on: { opened: () => void; lost: () => void }) {
    this.#files = files;
    this.#opened = on.opened;
    this.#lost = on.lost;
  }

  /** Does something that writes to the set. Rejects with `unsupported` where another process has it. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    this.#users += 1;
    clearTimeout(this.#letGo);
    try {
      this.#opening ??= this.#open();
      await this.#opening;
      return await work();
    } finally {
      this.#users -= 1;
      if (this.#users === 0) this.#letGo = setTimeout(() => void this.close(), HELD).unref();
    }
  }

  async #open(): Promise<void> {
    try {
      await this.#closing;
      this.#lock = await SetLock.take(this.#files.folder, this.#lost);
      if (this.#lock === undefined) throw takenElsewhere();
      await this.#files.openForWriting();
      this.#opened();
    } catch (error) {
      this.#opening = undefined;
      await this.#lock?.release();
      this.#lock = undefined;
      throw error;
    }
  }

  /** Lets go of the set, unless something is being done with it. */
  async close(): Promise<void> {
    clearTimeout(this.#letGo);
    if (this.#users > 0 || this.#opening === undefined) return;
    this.#opening = undefined;
    this.#closing = this.#release();
    await this.#closing;
  }

  async #release(): Promise<void> {
    const lock = this.#lock;
    this.#lock = undefined;
    await this.#files.close();
    await lock?.release();
  }
}

function takenElsewhere(): InspectorError {
  return new InspectorError('unsupported', t('This set is at work in another window.'), {
    detail: t('Close it there, or wait until it has ended.'),
  });
}

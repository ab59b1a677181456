import { createHash } from 'node:crypto';
import { access, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { labelOrder } from '../../core/drawing/palette.ts';
import type { Inspection } from '../../core/inspection/inspection.ts';
import { allAreas } from '../../core/request/region.ts';
import type { SetRow } from '../../core/sets/inspectionSet.ts';
import { writeWhole } from '../../engine/files/wholeFile.ts';
import type { SendOptions } from '../../engine/task/settings.ts';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import type { ThumbnailOptions } from '../../imaging/worker/thumbnail.ts';
import { openImage } from '../base/imageFile.ts';
import { readSettings } from '../base/settings.ts';

/** Pixels of the longer side. */
const SIDE = 256;

/** What the small pictures of a set are made from. */
export interface ThumbnailParts {
  worker: Pick<Imaging, 'thumbnail'>;
  sendOptionsFor: (address: string) => SendOptions;
  inspection: (key: string) => Promise<Inspection | undefined>;
}

/**
 * The small pictures of a set, with what was found drawn over them: made when they are first seen, one at a time, and kept as files. Only what was asked for
 * last is made.
 */
export class SetThumbnails {
  readonly folder: vscode.Uri;
  readonly #parts: ThumbnailParts;
  readonly #made: (key: string, file: vscode.Uri | undefined) => void;
  #waiting: SetRow[] = [];
  #isBusy = false;
  #isDisposed = false;

  /** @param made told of each picture; without a file where none can be made */
  constructor(folder: vscode.Uri, parts: ThumbnailParts, made: (key: string, file: vscode.Uri | undefined) => void) {
    this.folder = folder;
    this.#parts = parts;
    this.#made = made;
  }

  /** Has the pictures of these images made, in place of those that were asked for before. */
  want(rows: readonly SetRow[]): void {
    this.#waiting = [...rows];
    void this.#work();
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting = [];
  }

  async #work(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let row = this.#waiting.shift(); row !== undefined; row = this.#waiting.shift()) {
      const file = await this.#fileOf(row).catch(() => undefined);
      if (!this.#isDisposed) this.#made(row.key, file);
    }
    this.#isBusy = false;
  }

  async #fileOf({ key, uri, state }: SetRow): Promise<vscode.Uri> {
    const inspection = state === 'done' ? await this.#parts.inspection(key) : undefined;
    const options = optionsFor(uri, inspection, this.#parts.sendOptionsFor(uri));
    const areas = JSON.stringify([uri, inspection?.id, options.redactions]);
    const path = join(this.folder.fsPath, `${createHash('sha256').update(areas).digest('hex').slice(0, 32)}.webp`);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (!isThere) {
      const picture = await this.#parts.worker.thumbnail(await openImage(vscode.Uri.parse(uri)), options);
      await mkdir(this.folder.fsPath, { recursive: true });
      await writeWhole(path, picture);
    }
    return vscode.Uri.file(path);
  }
}

/** What is covered now, or was when it was sent, is covered here too. */
function optionsFor(uri: string, inspection: Inspection | undefined, { redactions }: SendOptions): ThumbnailOptions {
  const detections = (inspection?.detections ?? []).filter(({ imageIndex }) => imageIndex === 0);
  const areas = allAreas(redactions, inspection?.images[0]?.sent?.redactions);
  if (inspection === undefined || detections.length === 0) return { side: SIDE, redactions: areas };
  const { maskThreshold } = readSettings(vscode.Uri.parse(uri));
  return { side: SIDE, redactions: areas, objects: { detections, maskThreshold, labelOrder: labelOrder([inspection], inspection) } };
}

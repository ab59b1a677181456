/** The thread in which a large label file is read. It reads one, and is ended when it has given what is in it. */

import { once } from 'node:events';
import { parentPort, workerData } from 'node:worker_threads';
import { setTranslations } from '../../core/base/l10n.ts';
import { labelParts } from '../../core/labels/labelParts.ts';
import { fileSource } from '../../imaging/reading/byteSource.ts';
import { packFailure } from '../../imaging/worker/workerProtocol.ts';
import type { LabelMessage, LabelThreadData } from './largeLabels.ts';
import { readInPieces } from './readLabels.ts';

const { path, translations, ...request }: LabelThreadData = workerData;
setTranslations(translations);

try {
  let told = 0;
  const progress = (share: number) => {
    // In whole percents: a file has thousands of pieces.
    if (share < told + 0.01 && share < 1) return;
    told = share;
    say({ share });
  };
  const { images, ...rest } = await readInPieces(await fileSource(path), request, { progress });
  for (const part of labelParts(images)) {
    const next = parentPort && once(parentPort, 'message');
    say({ part });
    await next;
  }
  say({ rest });
} catch (error) {
  say({ failure: packFailure(error) });
}

function say(message: LabelMessage): void {
  parentPort?.postMessage(message);
}

/** The thread in which images are read whole, decoded and encoded. It answers one request after the other. */

import { parentPort, workerData } from 'node:worker_threads';
import { setTranslations } from '../../core/base/l10n.ts';
import { imageParts } from '../../core/exports/dataWriters.ts';
import { useFastBytes } from '../../core/masks/boundedPng.ts';
import { difference } from '../difference/difference.ts';
import type { PrepareOptions } from '../formats/prepared.ts';
import { type Drawing, draw, drawMask } from '../pixels/draw.ts';
import { hintOf } from '../pixels/hint.ts';
import { type MaskPartOptions, maskPart } from '../pixels/maskPart.ts';
import { prepare } from '../pixels/prepare.ts';
import { undrawableCharacters } from '../pixels/svgPixels.ts';
import { view } from '../pixels/view.ts';
import { FAST_BYTES } from '../png/fastBytes.ts';
import type { MaskPicture } from '../png/maskPngs.ts';
import { fileSource, memorySource } from '../reading/byteSource.ts';
import { type ThumbnailOptions, thumbnail } from './thumbnail.ts';
import {
  isBreakdown,
  type PackedSource,
  packFailure,
  type WorkerReply,
  type WorkerRequest,
  type WorkerResult,
  type WorkerTasks,
} from './workerProtocol.ts';

setTranslations(workerData);
useFastBytes(FAST_BYTES);

parentPort?.on('message', async (request: WorkerRequest) => {
  const { reply, bytes } = await answer(request).catch((error: unknown) => ({
    reply: { ok: false as const, failure: packFailure(error), isBroken: isBreakdown(error) },
    bytes: [],
  }));
  // Handed over instead of copied, where nothing else lies in the same memory.
  const own = bytes.map(({ byteLength, buffer }) => (byteLength === buffer.byteLength && buffer instanceof ArrayBuffer ? [buffer] : []));
  parentPort?.postMessage(reply, own.flat());
});

async function answer({ task, source, options }: WorkerRequest): Promise<{ reply: WorkerReply; bytes: readonly Uint8Array[] }> {
  const done = (result: WorkerResult, ...bytes: Uint8Array[]) => ({ reply: { ok: true as const, result }, bytes });
  const open = (packed: PackedSource = source) => ('path' in packed ? fileSource(packed.path) : memorySource(packed.bytes));
  switch (task) {
    case 'prepare': {
      const result = await prepare(await open(), options as PrepareOptions);
      return done(result, ...[...result.body.pieces, result.held].filter((piece) => piece instanceof Uint8Array));
    }
    case 'view': {
      const result = await view(await open());
      return done(result, ...(result.picture === undefined ? [] : [result.picture.bytes]));
    }
    case 'hint':
      return done(await hintOf(await open()));
    case 'draw': {
      const picture = await draw(await open(), options as Drawing);
      return done(picture, picture);
    }
    case 'mask': {
      const pictures = await drawMask(await open(), options as MaskPicture);
      return done(pictures, ...(pictures === undefined ? [] : [pictures.box, pictures.whole, ...pictures.highlighted]));
    }
    case 'thumbnail': {
      const picture = await thumbnail(await open(), options as ThumbnailOptions);
      return done(picture, picture);
    }
    case 'maskPart': {
      const part = await maskPart(await open(), options as MaskPartOptions);
      return done(part, ...(typeof part === 'string' ? [] : [part.png]));
    }
    case 'difference': {
      const { newer, alignment } = options as WorkerTasks['difference']['options'];
      const found = await difference(await open(), await open(newer), alignment);
      return done(found, ...(found.picture === undefined ? [] : [found.picture.png]));
    }
    case 'undrawable':
      return done(await undrawableCharacters(options as string));
    case 'imageParts': {
      const { format, images } = options as WorkerTasks['imageParts']['options'];
      return done(imageParts(format, images));
    }
  }
}

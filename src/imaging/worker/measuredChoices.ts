import type { Size } from '../../core/base/geometry.ts';
import { sizeChoices } from '../../core/request/sentSize.ts';
import type { ImageType } from '../formats/imageType.ts';
import type { PrepareOptions } from '../formats/prepared.ts';
import type { ImageHeader } from '../formats/probe.ts';
import type { ByteSource } from '../reading/byteSource.ts';
import type { ImageWorker } from './imageWorker.ts';

/** A size in which an image can be sent, and what that comes to. */
export interface MeasuredChoice {
  /** To be given to `prepare`; 0 is as it is. */
  maxDimension: number;
  size: Size;
  /** Of the body. */
  bytes: number;
  mimeType: ImageType;
}

/**
 * The choices of `sizeChoices` with the bytes of each, one by one, so that they can be shown as they come. Each is prepared for it.
 * Rejects like `prepare`.
 */
export async function* measuredChoices(
  worker: Pick<ImageWorker, 'prepare'>,
  source: ByteSource,
  header: ImageHeader,
  options: { part?: Pick<PrepareOptions, 'region' | 'redactions'>; signal?: AbortSignal } = {},
): AsyncGenerator<MeasuredChoice> {
  const { part = {}, signal } = options;
  for (const { maxDimension } of sizeChoices(header, part)) {
    const { stored, body, mimeType } = await worker.prepare(source, { ...part, maxDimension }, signal);
    yield { maxDimension, size: stored, bytes: body.size, mimeType };
  }
}

import { type FailureView, failureView, InspectorError, unreadable } from '../../core/base/failure.ts';
import type { InspectedImage } from '../../core/inspection/inspection.ts';
import { type ImageHeader, probe } from '../../imaging/formats/probe.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import type { FileAccess, ImageFiles } from './imageFiles.ts';
import { fileFailure } from './localFiles.ts';

/** What is known of an image file before anything is done with it. */
export interface ImageInfo {
  /** Unset when it cannot be read. */
  header?: ImageHeader;
  bytes: number;
  /** Of the file, hexadecimal; unset when it cannot be read. */
  sha256?: string;
  /** Why it cannot be read. */
  problem?: FailureView;
}

/** Reads an image's header and hash. Rejects with the signal's reason when it is aborted, and never else. */
export async function readImageInfo(files: FileAccess, address: string, signal?: AbortSignal): Promise<ImageInfo> {
  let bytes = 0;
  try {
    const source = await files.open(address);
    bytes = source.size;
    const header = await probe(source);
    return { header, bytes, sha256: await fileHash(source, signal) };
  } catch (error) {
    signal?.throwIfAborted();
    return { bytes, problem: failureView(fileFailure(error)) };
  }
}

/** The same of an image without which nothing can be done: rejects where it cannot be read. */
export async function readImage(files: FileAccess, address: string): Promise<Required<Pick<ImageInfo, 'header' | 'sha256'>>> {
  const { header, sha256, problem } = await readImageInfo(files, address);
  if (header !== undefined && sha256 !== undefined) return { header, sha256 };
  const { reason, message, detail, actions } = problem ?? unreadable('');
  throw new InspectorError(reason, message, { detail, actions });
}

/** An image as a result names it of which nothing was sent. Rejects where it cannot be read. */
export async function unsentImage(files: Pick<ImageFiles, 'open' | 'originOf'>, address: string): Promise<InspectedImage> {
  const { header, sha256 } = await readImage(files, address);
  const origin = await files.originOf(address);
  return { uri: origin?.address ?? address, sha256, mimeType: header.mimeType, ...header.upright };
}

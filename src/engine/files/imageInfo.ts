import { type FailureView, failureView } from '../../core/base/failure.ts';
import { type ImageHeader, probe } from '../../imaging/formats/probe.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import type { FileAccess } from './imageFiles.ts';
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

import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import { type FailureView, failureView } from '../core/failure.ts';
import type { ByteSource } from '../imaging/byteSource.ts';
import { type ImageHeader, probe } from '../imaging/probe.ts';
import { fileFailure, openImage } from './imageFile.ts';

/** What the inspector knows of an image file before anything is done with it. */
export interface ImageFacts {
  /** Unset when it cannot be read. */
  header?: ImageHeader;
  bytes: number;
  /** Of the file, hexadecimal; unset when it cannot be read. */
  sha256?: string;
  /** Why it cannot be read. */
  problem?: FailureView;
}

const PIECE = 4 * 1024 * 1024;

/** Reads an image's header and hash; never rejects. */
export async function readImageFacts(uri: vscode.Uri): Promise<ImageFacts> {
  let bytes = 0;
  try {
    const source = await openImage(uri);
    bytes = source.size;
    const header = await probe(source);
    return { header, bytes, sha256: await hashOf(source) };
  } catch (error) {
    return { bytes, problem: failureView(fileFailure(error)) };
  }
}

async function hashOf(source: ByteSource): Promise<string> {
  const hash = createHash('sha256');
  for (let at = 0; at < source.size; at += PIECE) hash.update(await source.read(at, PIECE));
  return hash.digest('hex');
}

import { type FailureView, InspectorError } from '../../core/base/failure.ts';
import type { DataFormat, ImagePart } from '../../core/exports/dataWriters.ts';
import type { ExportImage } from '../../core/exports/exportImage.ts';
import type { Alignment } from '../../core/inspection/imageDifference.ts';
import type { ShownDifference } from '../difference/difference.ts';
import type { Prepared, PrepareOptions } from '../formats/prepared.ts';
import type { Drawing, MaskPictures } from '../pixels/draw.ts';
import type { Hint } from '../pixels/hint.ts';
import type { MaskPart, MaskPartOptions } from '../pixels/maskPart.ts';
import type { ImageView } from '../pixels/view.ts';
import type { MaskPicture } from '../png/maskPngs.ts';
import type { ThumbnailOptions } from './thumbnail.ts';

/** What can be asked of the worker, and what it answers. */
export interface WorkerTasks {
  prepare: { options: PrepareOptions; result: Prepared };
  view: { options: undefined; result: ImageView };
  draw: { options: Drawing; result: Uint8Array };
  mask: { options: MaskPicture; result: MaskPictures | undefined };
  maskPart: { options: MaskPartOptions; result: MaskPart };
  /** The source is the older of two. */
  difference: { options: { newer: PackedSource; alignment: Alignment }; result: ShownDifference };
  /** No image is needed for these two. */
  imageParts: { options: { format: DataFormat; images: readonly ExportImage[] }; result: ImagePart[] };
  /** Characters that cannot be drawn, a few of them. */
  undrawable: { options: string; result: string[] };
  hint: { options: undefined; result: Hint | undefined };
  thumbnail: { options: ThumbnailOptions; result: Uint8Array };
}

export type WorkerResult = WorkerTasks[keyof WorkerTasks]['result'];

/** A file to read, or its bytes. */
export type PackedSource = { path: string } | { bytes: Uint8Array };

export interface WorkerRequest<Task extends keyof WorkerTasks = keyof WorkerTasks> {
  task: Task;
  source: PackedSource;
  options: WorkerTasks[Task]['options'];
}

/** `isBroken`: a decoder has given up, and will be of no use any more. */
export type WorkerReply = { ok: true; result: WorkerResult } | { ok: false; failure: WorkerFailure; isBroken: boolean };

/** An error as it crosses the border between threads, which would take its class and properties away. */
type WorkerFailure =
  | { kind: 'inspector'; view: FailureView; cause: string }
  | { kind: 'system'; code: string | undefined; message: string };

/** An error as plain data. */
export function packFailure(error: unknown): WorkerFailure {
  if (error instanceof InspectorError) {
    const { reason, message, detail, actions, cause } = error;
    return { kind: 'inspector', view: { reason, message, detail, actions }, cause: cause instanceof Error ? cause.message : '' };
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  return { kind: 'system', code, message: error instanceof Error ? error.message : String(error) };
}

/** True for an error by which a WebAssembly module ends, and for what it caused: the module is of no use any more, whatever it is given. */
export function isBreakdown(error: unknown): boolean {
  if (error instanceof WebAssembly.RuntimeError) return true;
  return error instanceof Error && error.cause !== undefined && isBreakdown(error.cause);
}

/** The error that was packed: an InspectorError, or one of the system with its code. */
export function unpackFailure(failure: WorkerFailure): Error {
  if (failure.kind === 'inspector') {
    const { reason, message, detail, actions } = failure.view;
    return new InspectorError(reason, message, { detail, actions, ...(failure.cause === '' ? {} : { cause: new Error(failure.cause) }) });
  }
  const error = new Error(failure.message);
  return failure.code === undefined ? error : Object.assign(error, { code: failure.code });
}

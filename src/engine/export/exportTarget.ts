import type { ComposedFile, Spooled } from '../../core/exports/setWriter.ts';
import type { FileContent } from '../files/wholeFile.ts';

/** Where the files of an export go: all of them or none, as far as that can be had there. Paths are those of `ExportFile`. */
export interface ExportTarget {
  /** Takes a whole file. */
  write: (path: string, content: string | FileContent) => Promise<void>;
  /** Adds to what is kept until the end. To be awaited before the next. */
  spool: (texts: readonly Spooled[]) => Promise<void>;
  /** Makes a file of what was spooled. No more is spooled then. */
  compose: (file: ComposedFile) => Promise<void>;
  /** Puts all files in their places; resolves to their paths, those that were composed first. */
  commit: () => Promise<string[]>;
  /** Takes away what it wrote, as far as that is not what was there before. */
  abandon: () => Promise<void>;
}

/** Fills a target. When that fails, the target is left as it was. */
export async function filled(target: ExportTarget, fill: () => Promise<void>): Promise<string[]> {
  try {
    await fill();
    return await target.commit();
  } catch (error) {
    await target.abandon();
    throw error;
  }
}

/** Waits for all, also when one fails: nothing is at work any more then. */
export async function allDone(work: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

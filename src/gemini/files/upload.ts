import { backoff } from '../../core/base/backoff.ts';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { isTransientStatus } from '../../core/failures/errorKind.ts';
import { HttpError } from '../http/httpError.ts';
import { InvalidResponse } from '../http/transport.ts';
import type { RemoteFile } from './remoteFile.ts';
import { type FilesAccess, getFile } from './remoteFiles.ts';
import { SessionLost, type UploadContent, UploadSession } from './uploadSession.ts';

/** How an upload behaves in time. */
export interface UploadTiming {
  /** Milliseconds without a byte moving after which a request is given up and the upload resumed. */
  stall: number;
  /** Waits; rejects when the signal aborts. */
  pause: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** From 0 to 1. */
  random: () => number;
}

/** Attempts in a row that bring nothing further, the first one counted. */
const ATTEMPTS = 5;
/** Milliseconds of the first wait where the API gives no advice. */
const FIRST_WAIT = 1000;
/** The API's own advice is followed up to here. */
const LONGEST_WAIT = 30_000;
/** Times that an upload which the server has lost is begun anew. */
const BEGINNINGS = 2;
/** Milliseconds that the API may take to make an image ready. */
const LONGEST_PROCESSING = 120_000;

/**
 * Uploads a file by Google's resumable protocol: piece by piece, and after a break from where the server says that it stands.
 * @param onProgress called with the bytes that have gone out, again and again: a sign of life
 */
export async function upload(
  access: FilesAccess,
  content: UploadContent,
  timing: UploadTiming,
  onProgress: (bytes: number) => void,
): Promise<RemoteFile> {
  for (let beginning = 1; ; beginning++) {
    try {
      const session = await UploadSession.start(access, content, timing.stall);
      const file = await sendAll(session, access.signal, timing, onProgress);
      assertSame(file, content);
      return await madeReady(access, file, timing, () => onProgress(content.body.size));
    } catch (error) {
      if (!(error instanceof SessionLost)) throw error;
      if (beginning === BEGINNINGS) throw new InvalidResponse('NO_REPLY');
    }
  }
}

/** Sends all bytes of a session, however often it breaks, as long as it gets further. */
async function sendAll(
  session: UploadSession,
  signal: AbortSignal,
  timing: UploadTiming,
  onProgress: (bytes: number) => void,
): Promise<RemoteFile> {
  let failures = 0;
  let setbacks = 0;
  for (let step: 'send' | 'ask' = 'send'; ; ) {
    const before = session.offset;
    try {
      const file = step === 'send' ? await session.send(onProgress) : await session.ask();
      if (file !== undefined) return file;
      if (session.offset > before) failures = 0;
      // A server may lose what it had, but not for ever.
      else if (session.offset < before || step === 'send') setbacks += 1;
      if (setbacks > ATTEMPTS) throw new InvalidResponse('NO_REPLY');
      step = 'send';
      onProgress(session.offset);
    } catch (error) {
      signal.throwIfAborted();
      failures += 1;
      if (!isTransient(error) || failures >= ATTEMPTS) throw error;
      await timing.pause(waitAfter(error, failures, timing.random), signal);
      // A server that says that it is busy is alive.
      if (error instanceof HttpError) onProgress(session.offset);
      step = 'ask';
    }
  }
}

/** Waits until the API has looked at the file. */
async function madeReady(access: FilesAccess, uploaded: RemoteFile, timing: UploadTiming, onSign: () => void): Promise<RemoteFile> {
  let file = uploaded;
  let failures = 0;
  for (let waited = 0, wait = FIRST_WAIT / 2; file.state === 'PROCESSING'; waited += wait, wait = Math.min(2 * wait, 5000)) {
    if (waited > LONGEST_PROCESSING)
      throw new InspectorError('timeout', t('Gemini did not answer in time.'), { actions: ['tryAgain', 'openLog'] });
    await timing.pause(wait, access.signal);
    try {
      file = await getFile(access, file.name);
      failures = 0;
      onSign();
    } catch (error) {
      access.signal.throwIfAborted();
      failures += 1;
      if (!isTransient(error) || failures >= ATTEMPTS) throw error;
    }
  }
  if (file.state === 'FAILED') {
    if (!file.mimeType.startsWith('image/')) throw new InspectorError('server', t('Gemini could not read it.'), { actions: ['openLog'] });
    throw new InspectorError('unreadableImage', t('The file is not a readable image.'), { detail: t('Gemini could not read it.') });
  }
  return file;
}

/** What has arrived must be what was meant: the file may have been replaced while it was read. */
function assertSame({ bytes, sha256 }: RemoteFile, content: UploadContent): void {
  if (bytes === content.body.size && (sha256 === undefined || sha256 === content.sha256)) return;
  throw new InspectorError('network', t('The upload arrived damaged.'), {
    detail: t('Run the task again.'),
    actions: ['tryAgain', 'openLog'],
    cause: new Error(`${bytes} of ${content.body.size} bytes, sha256 ${sha256 ?? 'not told'} for ${content.sha256}`),
  });
}

/** True for failures that may be gone at the next attempt: breaks of the line, and a server that is busy. */
function isTransient(error: unknown): boolean {
  if (error instanceof SessionLost || error instanceof InvalidResponse) return false;
  if (error instanceof InspectorError) return error.reason === 'timeout';
  if (!(error instanceof HttpError)) return true;
  const { status } = error.refused;
  return status >= 500 || status === 429 || isTransientStatus(status);
}

function waitAfter(error: unknown, failures: number, random: () => number): number {
  const advised = error instanceof HttpError ? Number(error.refused.retryAfter ?? Number.NaN) * 1000 : Number.NaN;
  const wait = advised >= 0 ? advised : backoff(FIRST_WAIT, failures, random());
  return Math.min(wait, LONGEST_WAIT);
}

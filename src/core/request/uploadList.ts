import { formatBytes } from '../base/format.ts';
import { t } from '../base/l10n.ts';

/** A file that lies with the API: plain JSON, returned by `manageUploads`. */
export interface UploadedFile {
  /** `files/…` */
  name: string;
  /** For people. Untrusted text; empty if it has none. */
  displayName: string;
  mimeType: string;
  bytes: number;
  /** By the API's own word, such as ACTIVE, PROCESSING or FAILED. */
  state: string;
  /** Milliseconds since 1970; unset where nobody knows. */
  createdAt?: number;
  expiresAt?: number;
  /** Uploaded by this extension in this VS Code, and still known to it. Others may be of other programs that use the key. */
  fromHere: boolean;
}

type Listed = Omit<UploadedFile, 'fromHere'>;
type Remembered = Pick<UploadedFile, 'name' | 'displayName'> & { uploadedAt: number; expiresAt: number };

/** What the API lists, newest first, with what is remembered of it here. */
export function mergeUploads(listed: readonly Listed[], remembered: readonly Remembered[]): UploadedFile[] {
  const known = new Map(remembered.map((file) => [file.name, file]));
  const merged = listed.map(({ name, displayName, mimeType, bytes, state, createdAt, expiresAt }): UploadedFile => {
    const own = known.get(name);
    const created = createdAt ?? own?.uploadedAt;
    const expires = expiresAt ?? own?.expiresAt;
    return {
      name,
      displayName: displayName || (own?.displayName ?? ''),
      mimeType,
      bytes,
      state,
      ...(created === undefined ? {} : { createdAt: created }),
      ...(expires === undefined ? {} : { expiresAt: expires }),
      fromHere: own !== undefined,
    };
  });
  return merged.sort((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0));
}

/** Size, age and time left of a file, such as "4.2 MB · 3 h old · 45 h left". */
export function describeUpload({ bytes, state, createdAt, expiresAt }: UploadedFile, now: number): string {
  const parts = [
    formatBytes(bytes),
    createdAt === undefined ? '' : t('{0} old', duration(now - createdAt)),
    expiresAt === undefined ? '' : t('{0} left', duration(expiresAt - now)),
    state === 'PROCESSING' ? t('not ready yet') : state === 'FAILED' ? t('not usable') : '',
  ];
  return parts.filter((part) => part !== '').join(' · ');
}

/** Of all files together. */
export function totalSize(files: readonly UploadedFile[]): string {
  return formatBytes(files.reduce((sum, { bytes }) => sum + bytes, 0));
}

/** Whole minutes under two hours, whole hours above. */
function duration(milliseconds: number): string {
  const minutes = Math.max(0, Math.floor(milliseconds / 60e3));
  return minutes < 120 ? t('{0} min', minutes) : t('{0} h', Math.floor(minutes / 60));
}

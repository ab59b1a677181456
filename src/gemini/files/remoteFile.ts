import { recordOf } from '../../core/base/shape.ts';
import type { UploadedFile } from '../../core/request/uploadList.ts';
import { InvalidResponse } from '../http/transport.ts';

/** A file that lies with the API, and expires there by itself. */
export interface RemoteFile extends Omit<UploadedFile, 'fromHere'> {
  /** As a request names it. */
  uri: string;
  /** Of the content, hexadecimal. */
  sha256?: string;
}

/** A file as the API describes it. Throws InvalidResponse for what is none. */
export function readRemoteFile(value: unknown): RemoteFile {
  const file = recordOf(value);
  const { name, uri } = file;
  if (typeof name !== 'string' || !FILE_NAME.test(name) || typeof uri !== 'string' || !URL.canParse(uri))
    throw new InvalidResponse('NO_REPLY');
  const createdAt = time(file.createTime);
  const expiresAt = time(file.expirationTime);
  const sha256 = hash(file.sha256Hash);
  return {
    name,
    uri,
    displayName: word(file.displayName),
    mimeType: word(file.mimeType),
    bytes: Number(file.sizeBytes) || 0,
    state: word(file.state) || 'ACTIVE',
    ...(createdAt === undefined ? {} : { createdAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(sha256 === undefined ? {} : { sha256 }),
  };
}

/** The only form of a name, which also stands in the addresses of our calls. */
export const FILE_NAME = /^files\/[a-z0-9][a-z0-9-]*$/;

function time(value: unknown): number | undefined {
  const milliseconds = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isNaN(milliseconds) ? undefined : milliseconds;
}

/** Base64 of the hash by the documentation, base64 of its hexadecimal digits in replies. */
function hash(value: unknown): string | undefined {
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length === 32) return bytes.toString('hex');
  const digits = bytes.toString('latin1').toLowerCase();
  return /^[0-9a-f]{64}$/.test(digits) ? digits : undefined;
}

function word(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

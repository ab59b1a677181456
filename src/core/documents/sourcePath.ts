import { decodePercent } from '../base/addresses.ts';

/** The path that the source of an image names, as it is on disk; undefined for an address of the web, for an image written out in the text, and for nothing. */
export function sourcePath(source: string | undefined): string | undefined {
  const [written = ''] = source?.split(/[?#]/, 1) ?? [];
  if (written === '' || written.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(written)) return undefined;
  const path = decodePercent(written);
  return path.includes('\0') ? undefined : path;
}

import { decodePercent } from '../base/addresses.ts';

/** Where the file of an image may lie: paths below a folder, in the order in which they are looked for. */
export interface SourcePlaces {
  /** The one in which the document is, or that of the project. */
  below: 'document' | 'project';
  paths: readonly string[];
}

/** Where sites keep what a path means that begins with a slash. */
const SITE_FOLDERS = ['', 'public/', 'static/', 'src/'];
/** Signs by which bundlers name the folder of the sources. */
const ALIASES = ['~@/', '@/', '~/'];

/** The places that the source of an image names, as they are on disk; undefined for an address of the web, for an image written out in the text, and for nothing. */
export function sourcePlaces(source: string | undefined): SourcePlaces | undefined {
  const [written = ''] = source?.split(/[?#]/, 1) ?? [];
  if (written === '' || written.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(written)) return undefined;
  const path = decodePercent(written);
  if (path.includes('\0')) return undefined;
  const alias = ALIASES.find((sign) => path.startsWith(sign));
  if (alias !== undefined) {
    const rest = path.slice(alias.length);
    return { below: 'project', paths: [`src/${rest}`, rest] };
  }
  if (!path.startsWith('/')) return { below: 'document', paths: [path] };
  return { below: 'project', paths: SITE_FOLDERS.map((folder) => folder + path.slice(1)) };
}

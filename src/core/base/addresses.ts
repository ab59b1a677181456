import { t } from './l10n.ts';

/** The parts of a file's address that lead to it: such as `file:///photos/a%20cat.png`, or `git:/photos/cat.png?…`. */
export interface AddressParts {
  scheme: string;
  authority: string;
  /** Decoded, with `/` between its parts. */
  path: string;
}

/** Takes an address apart. An address that is none is taken for a path. */
export function partsOfAddress(address: string): AddressParts {
  const [, scheme = '', authority = '', path = address] = /^([a-z][a-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)/i.exec(address) ?? [];
  return { scheme, authority: decodePercent(authority), path: decodePercent(path) };
}

/** The name of a file, for people. Untrusted text. */
export function nameOfAddress(address: string): string {
  const { path } = partsOfAddress(address);
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Of a fetched image: the server it came from, and its own name. The layout is that of `FetchedImages`, and our manifest names tabs by it. */
const FETCHED = /\/image-inspector\.gemini-image-inspector\/fetched\/[^/]+\/([^/]+)\/([^/]+)$/;

/** What a file is called where people read it: its name, of a fetched image also where it is from, of a version of a file which. Untrusted text. */
export function titleOfAddress(address: string): string {
  const ref = refIn(address);
  if (ref !== undefined) return `${nameOfAddress(address)} (${shortRef(ref)})`;
  const [, server, name] = FETCHED.exec(partsOfAddress(address).path) ?? [];
  return server === undefined ? nameOfAddress(address) : t('from {0}', `${server}/${name}`);
}

/** What people call a version: of a commit the start of its hash. */
export function shortRef(ref: string): string {
  return /^[0-9a-f]{40,64}$/.test(ref) ? ref.slice(0, 8) : ref;
}

/** The commit or branch that an address of VS Code's Git names; of what is staged none. */
function refIn(address: string): string | undefined {
  const [, query] = /^git:[^?#]*\?([^#]*)/.exec(address) ?? [];
  if (query === undefined) return undefined;
  try {
    const { ref }: { ref?: unknown } = JSON.parse(decodePercent(query));
    return typeof ref === 'string' && /^\w/.test(ref) ? ref : undefined;
  } catch {
    return undefined;
  }
}

/** Without the codes of an address. A per cent sign that begins none stands for itself. */
export function decodePercent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

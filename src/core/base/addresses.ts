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
  return { scheme, authority: decoded(authority), path: decoded(path) };
}

/** The name of a file, for people. Untrusted text. */
export function nameOfAddress(address: string): string {
  const { path } = partsOfAddress(address);
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Of a fetched image: the server it came from, and its own name. The layout is that of `FetchedImages`, and our manifest names tabs by it. */
const FETCHED = /\/image-inspector\.gemini-image-inspector\/fetched\/[^/]+\/([^/]+)\/([^/]+)$/;

/** What a file is called where people read it: its name, and of a fetched image also where it is from. Untrusted text. */
export function titleOfAddress(address: string): string {
  const [, server, name] = FETCHED.exec(partsOfAddress(address).path) ?? [];
  return server === undefined ? nameOfAddress(address) : t('from {0}', `${server}/${name}`);
}

/** Addresses of the web may hold a % that stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

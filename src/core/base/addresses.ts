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

/** Addresses of the web may hold a % that stands for itself. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

import { InspectorError } from '../../core/failure.ts';
import { t } from '../../core/l10n.ts';

/** Names of query parameters that let somebody in: keys, tokens and the signatures of cloud stores. */
const SECRET_PARAMETER =
  /^(x-(amz|goog|oss|cos)-(signature|credential|security-token)|awsaccesskeyid|googleaccessid|ossaccesskeyid|sig|signature|jwt|(api|access|secret|client|auth|x|private)?[-_]?(key|token|secret|password|passwd|pwd|auth|authorization))$/i;

export const EXAMPLE = 'https://example.com/picture.png';

/** Why a text is no address that can be fetched, for people; undefined if it is one. */
export function addressFlaw(text: string): string | undefined {
  const url = parse(text);
  if (url === undefined) return t('Enter a whole address, such as {0}', EXAMPLE);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return t('Only addresses that begin with https:// or http:// can be fetched.');
  if (url.username !== '' || url.password !== '') return t('An address with a user name or password in it is not fetched. Take them out.');
  return undefined;
}

/** The address in a text. Throws `network` for one that is not fetched. */
export function readAddress(text: string): URL {
  const flaw = addressFlaw(text);
  const url = parse(text);
  if (flaw !== undefined || url === undefined)
    throw new InspectorError('network', t('This address cannot be fetched.'), { detail: flaw ?? '' });
  url.hash = '';
  return url;
}

/** The address as it may be shown and kept: without user, fragment and what lets somebody in. */
export function withoutCredentials(address: URL): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  const secret = [...new Set(url.searchParams.keys())].filter((name) => SECRET_PARAMETER.test(name));
  // Only then, since it writes the whole query anew.
  for (const name of secret) url.searchParams.delete(name);
  return url.href;
}

function parse(text: string): URL | undefined {
  const address = text.trim();
  return URL.canParse(address) ? new URL(address) : undefined;
}

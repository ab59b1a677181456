import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/** Query parameters that say how a picture is to look, and let nobody in. Any other may: signatures, sessions and codes have a hundred names. */
const HARMLESS_PARAMETERS = new Set(
  (
    'w h width height maxwidth maxheight max-w max-h size sz px q quality fm fmt format ext type fit crop gravity dpr scale zoom rect auto ' +
    'resize rotate flip blur sharp bg page frame lang v ver version rev'
  ).split(' '),
);

/** Longer values may be anything. */
const HARMLESS_VALUE = /^[\w.,:-]{0,16}$/;

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

/** The address as it may be shown and kept: without user and fragment, and of its parameters with the harmless ones only. */
export function withoutCredentials(address: URL): string {
  const url = new URL(address);
  url.username = '';
  url.password = '';
  url.hash = '';
  url.pathname = url.pathname.split('/').map(withoutParameters).join('/');
  const others = [...url.searchParams].filter(
    ([name, value]) => !HARMLESS_PARAMETERS.has(name.toLowerCase()) || !HARMLESS_VALUE.test(value),
  );
  // Only then, since it writes the whole query anew.
  for (const [name] of others) url.searchParams.delete(name);
  return url.href;
}

/** A part of a path, such as `a.png;jsessionid=1`, without what is no name. */
function withoutParameters(part: string): string {
  const from = part.indexOf(';');
  return from !== -1 && part.includes('=', from) ? part.slice(0, from) : part;
}

function parse(text: string): URL | undefined {
  const address = text.trim();
  return URL.canParse(address) ? new URL(address) : undefined;
}

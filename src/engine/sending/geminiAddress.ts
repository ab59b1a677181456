import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { withoutEnd } from '../../core/base/trim.ts';

export const GOOGLE_ADDRESS = 'https://generativelanguage.googleapis.com';

/** An address to which requests may go, without a slash at the end: https, or http on this computer. Throws `network` for any other. */
export function checkedAddress(setting: string): string {
  const url = URL.canParse(setting) ? new URL(setting) : undefined;
  const loopback = url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const allowed = url !== undefined && (url.protocol === 'https:' || (url.protocol === 'http:' && loopback));
  if (!allowed || url.username !== '' || url.password !== '') {
    throw new InspectorError('network', t('The address in the setting "Base Url" cannot be used.'), {
      detail: t('It must begin with https://, or with http:// and an address of this computer, and hold no user name.'),
      actions: ['openSettings'],
    });
  }
  return withoutEnd(url.href, '/');
}

import { InspectorError } from '../../core/base/failure.ts';
import { formatBytes } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';

/** The failure for a server that gave no answer. */
export function notReached(host: string, cause: unknown): InspectorError {
  return new InspectorError('network', t('{0} cannot be reached.', sanitizeForUi(host)), { detail: wayFlaw(codeOf(cause)), cause });
}

/** The failure for an answer that ended too early, or that cannot be unpacked. */
export function brokenOff(host: string, cause: unknown): InspectorError {
  return new InspectorError('network', t('The connection to {0} was lost before the image was complete.', sanitizeForUi(host)), { cause });
}

/** The failure for an answer that says that there is no image. */
export function statusFailure(host: string, status: number): InspectorError {
  return new InspectorError('network', describeStatus(sanitizeForUi(host), status));
}

function describeStatus(host: string, status: number): string {
  if (status === 401 || status === 403 || status === 407) return t('{0} does not give out this image ({1}).', host, status);
  if (status === 404 || status === 410) return t('No image found at this address ({0}).', status);
  if (status === 429) return t('Too many requests to {0} ({1}). Try again later.', host, status);
  if (status >= 500) return t('{0} reported an error of its own ({1}).', host, status);
  return t('{0} sent no image ({1}).', host, status);
}

/** The failure for an image of more than `most` bytes. */
export function tooManyBytes(most: number): InspectorError {
  return new InspectorError('tooLarge', t('The image at this address is larger than {0}.', formatBytes(most)), {
    detail: t('The limit is a setting.'),
    actions: ['openSettings'],
  });
}

/** What is wrong with content that is no image: the same words as for a file. */
export function unknownType(): string {
  return t('Its content is of no known image type, whatever its name says.');
}

/** `fetch` hides what went wrong in the cause of its error; several tries of one connection are gathered in one error. */
function codeOf(error: unknown): string {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return codeOf(error.cause);
}

function wayFlaw(code: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return t('There is no server of this name, or no network.');
  if (code === 'ECONNREFUSED') return t('It does not take connections.');
  if (/CERT|SIGNATURE|SSL|TLS|ALTNAME/.test(code)) return t('Its certificate is not valid or not trusted here.');
  return '';
}

import { InspectorError } from '../base/failure.ts';
import { t } from '../base/l10n.ts';
import { type AskedFor, harmless } from './geminiFailure.ts';

/**
 * The failure for a request that got no answer.
 * @param code what the system or the HTTP client calls it, such as ENOTFOUND; empty if it has no name
 */
export function networkFailure(code: string, asked: AskedFor, cause?: unknown): InspectorError {
  const { host } = asked;
  const words = harmless(cause instanceof Error ? cause.message : String(cause ?? code), asked);
  if (/^UND_ERR_(HEADERS|BODY)_TIMEOUT$/.test(code)) {
    return new InspectorError('timeout', t('Gemini did not answer in time.'), {
      actions: ['tryAgain', 'openLog'],
      cause: new Error(words),
    });
  }
  return new InspectorError('network', t('Gemini could not be reached.'), {
    detail: networkDetail(code, host),
    actions: ['tryAgain', 'openLog'],
    cause: new Error(words),
    isTransient: !PERMANENT.test(code),
  });
}

/** What will be the same a moment later: a name that does not exist, a certificate, an answer of something else than the API. */
const PERMANENT = /^(ENOTFOUND|ERR_NAME_NOT_RESOLVED|EPROTO|REDIRECTED|NO_REPLY|TOO_LONG)$|CERT|SIGNATURE|TLS|SSL/;

function networkDetail(code: string, host: string): string {
  if (/^(ENOTFOUND|EAI_AGAIN|ERR_NAME_NOT_RESOLVED)$/.test(code)) return t('The name {0} could not be found.', host);
  if (/^(ECONNREFUSED|ERR_CONNECTION_REFUSED)$/.test(code)) return t('{0} refused the connection.', host);
  if (/^(ECONNRESET|ECONNABORTED|EPIPE|UND_ERR_SOCKET|CUT|ERR_CONNECTION_(RESET|CLOSED|ABORTED))$/.test(code))
    return t('The connection to {0} was lost.', host);
  if (/^(ETIMEDOUT|UND_ERR_CONNECT_TIMEOUT|ERR_(CONNECTION_)?TIMED_OUT)$/.test(code)) return t('{0} did not answer.', host);
  if (/CERT|SIGNATURE|TLS|SSL/.test(code))
    return t('The connection to {0} is not secure: its certificate was not accepted ({1}).', host, code);
  if (code === 'REDIRECTED') return t('{0} sends requests on to another address, which is not followed.', host);
  if (code === 'TOO_LONG') return t('The answer of {0} is longer than any of Gemini.', host);
  if (code === 'NO_REPLY') return t('The answer of {0} could not be understood.', host);
  return code === '' ? t('{0} cannot be reached.', host) : t('{0} cannot be reached ({1}).', host, code);
}

import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';

/** Why an SVG is not drawn. */
export type Reason =
  /** By what it would be drawn otherwise than in a browser, in words of SVG. */
  | { use: string }
  /** It refers to something that lies elsewhere. */
  | { elsewhere: string }
  /** Drawing it would take more time or memory than there is. */
  | { tooMuch: true };

/** An SVG that is refused by name. */
export class SvgRefused extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super();
    this.reason = reason;
  }
}

/** As a failure for people. */
export function refusal({ reason }: SvgRefused): InspectorError {
  return new InspectorError('unsupportedImage', wordsOf(reason), { detail: t('Export it as PNG, and use that.') });
}

function wordsOf(reason: Reason): string {
  if ('tooMuch' in reason) return t('This SVG is nested or repeated too much to be drawn.');
  if ('elsewhere' in reason) return t('This SVG needs another file, which is not loaded: {0}', sanitizeForUi(reason.elsewhere, 60));
  return t('This SVG cannot be drawn here as a browser draws it: it uses {0}.', sanitizeForUi(reason.use, 60));
}

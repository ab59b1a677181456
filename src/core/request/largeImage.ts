import { InspectorError } from '../base/failure.ts';
import { formatBytes } from '../base/format.ts';
import type { Size } from '../base/geometry.ts';
import { t } from '../base/l10n.ts';

/** Bytes of a body from which a smaller one is offered: the API refuses about 36 MB, by whichever way it comes. */
const LARGE = 30e6;
/** Longest side of the smaller picture that is offered, in pixels. */
export const SMALLER_SIDE = 2048;

/**
 * Whether a smaller picture is offered in place of sending: where the body is large and a smaller picture can be had, unless this very call says how large
 * it is to be sent (`isSizeChosen`; as it is counts too).
 */
export function offersSmaller(body: { bytes: number; size: Size }, { isSizeChosen }: { isSizeChosen: boolean }): boolean {
  return !isSizeChosen && body.bytes > LARGE && Math.max(body.size.width, body.size.height) > SMALLER_SIDE;
}

/** The failure that offers a smaller picture. `bytes`: of the body. */
export function largeImage(bytes: number): InspectorError {
  return new InspectorError('tooLarge', t('The image is too large to send ({0}).', formatBytes(bytes)), {
    detail: t(
      'Gemini may refuse images of more than {0}. A smaller copy with a longest side of {1} pixels can be sent instead.',
      formatBytes(LARGE),
      SMALLER_SIDE,
    ),
    actions: ['sendSmaller', 'sendFullSize', 'openSettings'],
  });
}

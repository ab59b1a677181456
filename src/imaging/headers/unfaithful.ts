import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';

/**
 * The refusal of an image that is sound but of a kind of which the decoders here would make another picture than people see elsewhere, or none.
 * `kind`: of file, as people call it. `what`: what is special about it, as the second half of a sentence.
 */
export function unfaithful(kind: 'TIFF' | 'BMP' | 'PNG' | 'JPEG' | 'AVIF' | 'HEIC', what: string): InspectorError {
  return new InspectorError('unsupportedImage', t('This kind of {0} cannot be read faithfully: {1}.', kind, what), {
    detail: t('Open it in a program that shows it right, and save it as an ordinary PNG.'),
  });
}

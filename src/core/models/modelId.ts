import { InspectorError } from '../base/failure.ts';
import { t } from '../base/l10n.ts';
import { sanitizeForUi } from '../base/sanitizeForUi.ts';

/** Ends of an id that only name a version: `-001`, `-latest`, `-preview-05-20`, `-exp-0827`, `-20261120`. */
const VERSION_SUFFIX = /-(latest|preview|exp|\d{2,4}|\d{8})$/;

/** An id without what stands before it, such as `models/` or `publishers/google/models/`. */
export function bareId(id: string): string {
  return id.trim().slice(id.trim().lastIndexOf('/') + 1);
}

/** The id, and then with one end after the other taken off that only names a version. */
export function shorterIds(id: string): string[] {
  const shorter = id.replace(VERSION_SUFFIX, '');
  return shorter === id ? [id] : [id, ...shorterIds(shorter)];
}

/** The same model whatever its version. */
export function withoutVersion(id: string): string {
  return shorterIds(id).at(-1) ?? id;
}

/** Letters, digits, dots and dashes, as in all ids of Google's. It becomes a part of an address. */
const FORM = /^[a-z0-9][a-z0-9._-]{0,99}$/i;

/** The id of a model in what was typed or set, without `models/`; undefined where it cannot be one. */
export function readModelId(text: string): string | undefined {
  const id = text.trim().replace(/^(publishers\/google\/)?models\//, '');
  return FORM.test(id) ? id : undefined;
}

/** The failure for what cannot be the id of a model. */
export function notAnId(text: string): InspectorError {
  return new InspectorError('modelNotFound', t('"{0}" is not the id of a model.', sanitizeForUi(text, 60)), {
    detail: t('An id has letters, digits, dots and dashes, such as gemini-3.8-flash.'),
    actions: ['selectModel'],
  });
}

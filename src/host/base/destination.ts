import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { vertexDestination } from '../../core/models/vertex.ts';
import { checkedAddress, GOOGLE_ADDRESS } from '../../engine/sending/geminiAddress.ts';
import { own } from './settings.ts';

/**
 * Where requests go, without a slash at the end: see `vertexDestination` for Vertex AI. Only the user's own settings count, and only https, or http on this
 * computer; throws `network` for any other address, and for a setting of it that cannot be read,
 * and `permissionDenied` where Vertex AI lacks a project or location.
 */
export function destination(): string {
  const address = needed('baseUrl');
  const base = address === '' ? undefined : checkedAddress(address);
  if (needed('backend') !== 'vertexAi') return base ?? GOOGLE_ADDRESS;
  return vertexDestination({ project: needed('project'), location: needed('location') }, base);
}

/** Nothing goes anywhere else because what was written cannot be read. */
function needed(key: 'baseUrl' | 'backend' | 'project' | 'location'): string {
  const value = own(key);
  if (value === undefined)
    throw new InspectorError('network', t('The setting "{0}" cannot be used.', `imageInspector.${key}`), { actions: ['openSettings'] });
  return value.trim();
}

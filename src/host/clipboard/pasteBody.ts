import { t } from '../../core/base/l10n.ts';

/** What stands on the page of Paste Image: our own words only. `keys`: those that paste. */
export function pasteBody(keys: string): string {
  return `<main class="paste">
<h1>${t('Paste an image')}</h1>
<p>${t('Copy an image anywhere, such as a screenshot or a picture in a browser. Then press {0} here.', keys)}</p>
<p><button type="button" class="button primary" id="paste">${t('Paste')}</button></p>
<p role="status" id="status" data-none="${t('There is no image in the clipboard.')}" data-refused="${t('The clipboard cannot be read by a button here. Use the keys.')}"></p>
<p class="quiet">${t('Nothing is sent until you run a task. The image is kept on this computer for 7 days.')}</p>
</main>`;
}

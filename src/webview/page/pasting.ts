import { pastedFile, pasteMessage } from '../paste/pastedImage.ts';
import type { Host } from '../state/host.ts';
import { takesKeys } from './keyboard.ts';

/** Ctrl+V opens the image in the clipboard. In a field words stay the browser's, also where an image comes with them, as spreadsheets copy both. */
export function followPastes({ post }: Pick<Host, 'post'>): void {
  document.addEventListener('paste', (event) => {
    const data = event.clipboardData;
    const file = pastedFile(data);
    if (takesKeys(document.activeElement) && (file === undefined || data?.types.includes('text/plain'))) return;
    event.preventDefault();
    void pasteMessage(file).then(post);
  });
  // Without this Electron pastes into fields only.
  document.addEventListener('beforepaste', (event) => {
    if (!takesKeys(document.activeElement)) event.preventDefault();
  });
}

import type { FromWebviewMessage } from '../../protocol.ts';
import { openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';

/** What keeps a pasted image, and what shows it. */
export interface PastedImageServices {
  files: VscodeImageFiles;
  editors: InspectorEditors;
}

/** Keeps what was pasted like an image of the web, for seven days, and opens it. Rejects with an InspectorError for what is no image. */
export async function openPasted(
  { files, editors }: PastedImageServices,
  { bytes, size }: Extract<FromWebviewMessage, { type: 'pasteImage' }>,
): Promise<void> {
  const uri = await (await files.web()).keepPasted(bytes, size);
  await openInspector(editors, uri, { preview: false });
}

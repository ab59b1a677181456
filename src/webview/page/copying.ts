import type { PageContext } from '../state/pageContext.ts';
import { copyOfObject } from '../text/objectText.ts';
import { takesKeys } from './keyboard.ts';

/** Ctrl+C on the picture or the list takes label and box of the selected object; in fields and of selected text it is the browser's. */
export function copySelection({ shown, state, post }: PageContext, event: ClipboardEvent): void {
  if (takesKeys(document.activeElement) || getSelection()?.isCollapsed === false) return;
  const object = shown.objects.find(({ detection }) => detection.id === state.selected);
  if (!object) return;
  const text = copyOfObject(object.detection);
  event.clipboardData?.setData('text/plain', text);
  post({ type: 'act', action: 'textCopied', text });
  event.preventDefault();
}

import { pastedFile, pasteMessage } from './pastedImage.ts';

/** The page of "Paste Image": takes what is pasted, and what the browser lets it read. */
const { postMessage } = acquireVsCodeApi();
const status = document.getElementById('status');

document.addEventListener('paste', (event) => {
  event.preventDefault();
  void take(pastedFile(event.clipboardData));
});
// Without this Electron pastes into fields only.
document.addEventListener('beforepaste', (event) => event.preventDefault());
document.getElementById('paste')?.addEventListener('click', () => void read(true));
addEventListener('message', ({ data }: MessageEvent<string>) => say(data));
if (document.hasFocus()) void read(false);
else addEventListener('focus', () => void read(false), { once: true });

/** `asked`: by its button; else a refusal, or an empty clipboard, is no matter. */
async function read(asked: boolean): Promise<void> {
  try {
    for (const item of await navigator.clipboard.read()) {
      const type = item.types.find((known) => known.startsWith('image/'));
      if (type !== undefined) return void (await take(await item.getType(type)));
    }
    if (asked) say(status?.getAttribute('data-none'));
  } catch {
    if (asked) say(status?.getAttribute('data-refused'));
  }
}

async function take(file: Blob | undefined): Promise<void> {
  postMessage(await pasteMessage(file));
}

function say(text: string | null | undefined): void {
  if (status) status.textContent = text ?? '';
}

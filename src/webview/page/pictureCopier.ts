import { t } from '../../core/base/l10n.ts';
import type { FromWebviewMessage, PictureRequest, ToWebviewMessage } from '../../protocol.ts';

/** Milliseconds that the page is given to get the focus back from the menu that it was asked in. */
const FOCUS = 500;

/** Where pictures go. */
export interface PictureTarget {
  post: (message: FromWebviewMessage) => void;
  /** Lets the user know that it is done. */
  announce: (text: string) => void;
  /** Rejects where the browser or its user does not allow it, or when the picture could not be made. */
  write: (png: Promise<Blob>) => Promise<void>;
}

/** Puts pictures of the image into the clipboard; where that is not allowed, has the host save them as files. VS Code's own clipboard takes text only. */
export class PictureCopier {
  readonly #target: PictureTarget;
  readonly #waiting = new Map<number, (png: Uint8Array<ArrayBuffer> | undefined) => void>();
  #last = 0;

  constructor(target: PictureTarget) {
    this.#target = target;
  }

  async copy(picture: PictureRequest): Promise<void> {
    const request = ++this.#last;
    const answer = new Promise<Uint8Array<ArrayBuffer> | undefined>((resolve) => this.#waiting.set(request, resolve));
    this.#target.post({ type: 'makePicture', request, picture });
    const png = answer.then((bytes) => {
      if (bytes === undefined) throw new Error('There is no picture.');
      return new Blob([bytes], { type: 'image/png' });
    });
    // Awaited below, unless the clipboard refuses before it is there.
    png.catch(() => undefined);
    try {
      await this.#target.write(png);
      await png;
      this.#target.announce(t('Copied.'));
      this.#target.post({ type: 'pictureCopied', picture });
    } catch {
      // Why a clipboard refuses, each says in words of its own.
      if ((await answer) !== undefined) this.#target.post({ type: 'savePicture', picture });
    }
  }

  /** Takes the host's answer. */
  receive({ request, png }: Extract<ToWebviewMessage, { type: 'picture' }>): void {
    this.#waiting.get(request)?.(png);
    this.#waiting.delete(request);
  }
}

/** Browsers take pictures from a page that has the focus only. */
export async function writeToClipboard(png: Promise<Blob>): Promise<void> {
  if (!document.hasFocus()) {
    await new Promise<void>((resolve) => {
      addEventListener('focus', () => resolve(), { once: true });
      setTimeout(resolve, FOCUS);
    });
  }
  await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
}

import * as vscode from 'vscode';
import { failureView } from '../../core/base/failure.ts';
import type { ImageInfo } from '../../engine/files/imageInfo.ts';
import { LeftPictures } from './leftPictures.ts';
import type { Pictures, Shown } from './pictures.ts';

/** The pictures that editors show, as an image of a session needs them. */
export type ShownPictures = Pick<Pictures, 'showsFile' | 'of' | 'hintOf' | 'forget'>;

/** Reads an image's header and hash; rejects only when the signal is aborted. */
export type ReadImageInfo = (address: string, signal: AbortSignal) => Promise<ImageInfo>;

/** An image of a session: what is known of its file, and what editors show of it. */
export class SessionPicture implements vscode.Disposable {
  readonly uri: vscode.Uri;
  /** What runs call it, where that is not its file: the address of an image from the web. */
  readonly addresses = new Set<string>();
  readonly #readInfo: ReadImageInfo;
  readonly #pictures: ShownPictures;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #info: ImageInfo | undefined;
  #shown: Shown = {};
  #looking = new AbortController();
  #looks = 0;
  /** The latest look whose findings are here. */
  #found = 0;
  readonly #disposing = new AbortController();
  readonly #left = new LeftPictures<Shown>((shown) => void this.#pictures.forget(shown));

  constructor(uri: vscode.Uri, readInfo: ReadImageInfo, pictures: ShownPictures) {
    this.uri = uri;
    this.#readInfo = readInfo;
    this.#pictures = pictures;
  }

  /** Unset until it was read. */
  get info(): ImageInfo | undefined {
    return this.#info;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Reads header and hash, again when the file may have changed. Resolves to whether its content is another; never rejects. Of looks that take longer than those after them nothing is taken. */
  async load(): Promise<boolean> {
    const look = ++this.#looks;
    const { signal } = this.#disposing;
    const info = await this.#readInfo(this.uri.toString(), signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (info === undefined || look < this.#found) return false;
    this.#found = look;
    const changed = info.sha256 !== this.#info?.sha256;
    this.#info = info;
    if (changed) void this.#look(info);
    this.#changed.fire();
    return changed;
  }

  /** Shows the file itself where that can be done, and looks whether it is whole; otherwise shows a picture made of it. */
  async #look(info: ImageInfo): Promise<void> {
    this.#stopLooking();
    if (info.sha256 === undefined) return;
    const pictures = this.#pictures;
    const { signal } = this.#looking;
    if (pictures.showsFile(this.uri, info)) this.#shown = { pixels: this.uri };
    try {
      const picture = await pictures.of(this.uri, signal);
      if (signal.aborted) await pictures.forget(picture);
      else this.#shown = picture;
    } catch (error) {
      if (signal.aborted) return;
      this.#info = { ...info, problem: failureView(error) };
    }
    this.#changed.fire();
    await this.#lookCloser(signal);
  }

  /** Once the picture is seen: whether a word about it is in place. */
  async #lookCloser(signal: AbortSignal): Promise<void> {
    const shown = this.#shown;
    const hint = await this.#pictures.hintOf(shown, signal).catch(() => undefined);
    if (hint === undefined || signal.aborted) return;
    this.#shown = { ...shown, hint };
    this.#changed.fire();
  }

  #stopLooking(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    this.#left.add([this.#shown]);
    this.#shown = {};
  }

  dispose(): void {
    this.#disposing.abort();
    this.#stopLooking();
    this.#left.dispose();
    this.#changed.dispose();
  }
}

import { randomUUID } from 'node:crypto';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import * as vscode from 'vscode';
import type { ImageInfo } from '../../engine/files/imageInfo.ts';
import { writeWhole } from '../../engine/files/wholeFile.ts';
import type { Hint } from '../../imaging/pixels/hint.ts';
import { needsPicture } from '../../imaging/pixels/needsPicture.ts';
import type { ImageView } from '../../imaging/pixels/view.ts';
import { type ByteSource, readWhole } from '../../imaging/reading/byteSource.ts';
import type { Imaging } from '../../imaging/worker/imageWorker.ts';
import { openImage } from '../base/imageFile.ts';

/** What an editor shows of an image. */
export interface Shown {
  /** Where the page loads the pixels from; unset while they are not there yet. */
  pixels?: vscode.Uri;
  /** Set when only a part of the picture can be seen. */
  problem?: ImageView['problem'];
  /** What may make it hard to read for a model. */
  hint?: Hint;
}

/** Milliseconds after which a picture that was left behind, such as by a crash, is taken away. */
const LEFT_BEHIND = 24 * 60 * 60 * 1000;

/** Pictures made for pages that cannot show the files themselves: files of our own, kept as long as an editor shows them. */
export class Pictures {
  /** The only folder, besides those of the images, that pages may load pictures from. */
  readonly folder: vscode.Uri;
  readonly #worker: Imaging;
  #isClean = false;

  constructor(folder: vscode.Uri, worker: Imaging) {
    this.folder = folder;
    this.#worker = worker;
  }

  /** True if the file itself can be shown, as far as its header tells. A page changes the query of an address, by which a version of a file is named. */
  showsFile({ query }: vscode.Uri, { header }: ImageInfo): boolean {
    return query === '' && header !== undefined && !needsPicture(header);
  }

  /** Makes what an editor shows of an image. Rejects with an InspectorError when nothing can be shown. */
  async of(uri: vscode.Uri, signal: AbortSignal): Promise<Shown> {
    const source = await openImage(uri);
    const { picture, problem } = await this.#worker.view(source, signal);
    const found = problem === undefined ? {} : { problem };
    if (picture === undefined && uri.query === '') return { ...found, pixels: uri };
    if (picture === undefined) return { ...found, pixels: await this.#keepAs(extensionOf(uri), await readWhole(source)) };
    return { ...found, pixels: await this.#keep(picture) };
  }

  /** The very bytes that are sent as a picture for a page; decoded first where a page cannot show their type. */
  async ofBody(body: ByteSource, mimeType: string, signal: AbortSignal): Promise<vscode.Uri> {
    const { picture } = mimeType === 'image/heic' || mimeType === 'image/heif' ? await this.#worker.view(body, signal) : {};
    return this.#keep(picture ?? { mimeType, bytes: await readWhole(body) });
  }

  #keep({ mimeType, bytes }: { mimeType: string; bytes: Uint8Array }): Promise<vscode.Uri> {
    return this.#keepAs(mimeType.replace('image/', ''), bytes);
  }

  async #keepAs(extension: string, bytes: Uint8Array): Promise<vscode.Uri> {
    await this.#cleanUp();
    const pixels = vscode.Uri.joinPath(this.folder, `${randomUUID()}.${extension}`);
    await writeWhole(pixels.fsPath, bytes);
    return pixels;
  }

  /** What may make a picture that is shown whole hard to read for a model; undefined also where nobody can tell. */
  async hintOf({ pixels, problem }: Shown, signal: AbortSignal): Promise<Hint | undefined> {
    if (pixels === undefined || problem !== undefined) return undefined;
    return this.#worker.hint(await openImage(pixels), signal).catch(() => undefined);
  }

  /** Takes away a picture that no editor shows any more; files of the user are left alone. */
  async forget({ pixels }: Shown): Promise<void> {
    if (pixels?.path.startsWith(`${this.folder.path}/`)) await rm(pixels.fsPath, { force: true });
  }

  async #cleanUp(): Promise<void> {
    if (this.#isClean) return;
    this.#isClean = true;
    await mkdir(this.folder.fsPath, { recursive: true });
    for (const name of await readdir(this.folder.fsPath)) {
      const path = vscode.Uri.joinPath(this.folder, name).fsPath;
      // Another window may take it away at the same time.
      const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Number.POSITIVE_INFINITY }));
      if (mtimeMs < Date.now() - LEFT_BEHIND) await rm(path, { force: true }).catch(() => undefined);
    }
  }
}

/** By which a page tells what kind of picture it is. */
function extensionOf({ path }: vscode.Uri): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}

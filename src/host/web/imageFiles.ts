import * as vscode from 'vscode';
import type { ImageFiles, WebOrigin } from '../../engine/files/imageFiles.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import { openImage } from '../base/imageFile.ts';
import { lazy } from '../base/lazy.ts';
import { readSettings } from '../base/settings.ts';
import type { WebImages } from './webImages.ts';

/** Images in all of VS Code's file systems, among them the copies of those that were fetched from the web. */
export class VscodeImageFiles implements ImageFiles {
  readonly #fetched: vscode.Uri;
  #opened: WebImages | undefined;
  /** What fetches images; loaded when it is first needed. */
  readonly web: () => Promise<WebImages>;

  /** @param storage the extension's own folder on this computer */
  constructor(storage: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#fetched = vscode.Uri.joinPath(storage, 'fetched');
    this.web = lazy(async () => {
      const { WebImages } = await import('./webImages.ts');
      const web = new WebImages(
        this.#fetched,
        () => readSettings().url.most,
        (line) => log.info(line),
      );
      this.#opened = await web.open();
      return this.#opened;
    });
  }

  open(address: string): Promise<ByteSource> {
    return openImage(vscode.Uri.parse(address));
  }

  fileOf(address: string): string {
    return (this.#opened?.fileOf(address) ?? vscode.Uri.parse(address)).toString();
  }

  async originOf(file: string): Promise<WebOrigin | undefined> {
    const uri = vscode.Uri.parse(file);
    return uri.path.startsWith(`${this.#fetched.path}/`) ? (await this.web()).originOf(uri) : undefined;
  }

  async isPublic(address: URL): Promise<boolean> {
    return (await this.web()).isPublic(address);
  }
}

import * as vscode from 'vscode';
import type { FileAccess, ImageFiles } from '../../engine/files/imageFiles.ts';
import { type ReadImageInfo, SessionPicture, type ShownPictures } from './sessionPicture.ts';

/** The images of a session: first its own, then those that runs compare it with. */
export class SessionImages implements vscode.Disposable {
  readonly #files: FileAccess & Pick<ImageFiles, 'fileOf'>;
  readonly #pictures: ShownPictures;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #all: [SessionPicture, ...SessionPicture[]];
  readonly onDidChange = this.#changed.event;

  constructor(uri: vscode.Uri, files: FileAccess & Pick<ImageFiles, 'fileOf'>, pictures: ShownPictures) {
    this.#files = files;
    this.#pictures = pictures;
    this.#all = [this.#picture(uri)];
  }

  get all(): readonly [SessionPicture, ...SessionPicture[]] {
    return this.#all;
  }

  get others(): readonly SessionPicture[] {
    return this.#all.slice(1);
  }

  /** The file of an image that an inspection names. */
  readonly fileOf = (address: string): string => this.#files.fileOf(address);

  readonly #readInfo: ReadImageInfo = async (address, signal) => {
    const { readImageInfo } = await import('../../engine/files/imageInfo.ts');
    return readImageInfo(this.#files, address, signal);
  };

  #picture(uri: vscode.Uri): SessionPicture {
    const picture = new SessionPicture(uri, this.#readInfo, this.#pictures);
    picture.onDidChange(() => this.#changed.fire());
    return picture;
  }

  /** Takes in further images that a run is about. */
  add(addresses: readonly string[]): void {
    for (const address of addresses.slice(1)) {
      const file = this.fileOf(address);
      const known = this.#all.find((image) => image.uri.toString() === file);
      const image = known ?? this.#picture(vscode.Uri.parse(file));
      if (address !== file) image.addresses.add(address);
      if (known !== undefined) continue;
      this.#all.push(image);
      void image.load();
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#all, this.#changed).dispose();
  }
}

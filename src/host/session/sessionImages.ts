import * as vscode from 'vscode';
import { type PictureWorld, SessionPicture } from './sessionPicture.ts';

/** What the images of a session need. */
export interface ImagesWorld extends PictureWorld {
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => vscode.Uri;
}

/** The images of a session: first its own, then those that runs compare it with. */
export class SessionImages implements vscode.Disposable {
  readonly #world: ImagesWorld;
  readonly #changed: () => void;
  readonly #all: [SessionPicture, ...SessionPicture[]];

  constructor(uri: vscode.Uri, world: ImagesWorld, changed: () => void) {
    this.#world = world;
    this.#changed = changed;
    this.#all = [this.#picture(uri)];
  }

  get all(): readonly [SessionPicture, ...SessionPicture[]] {
    return this.#all;
  }

  get others(): readonly SessionPicture[] {
    return this.#all.slice(1);
  }

  #picture(uri: vscode.Uri): SessionPicture {
    const picture = new SessionPicture(uri, this.#world);
    picture.onDidChange(this.#changed);
    return picture;
  }

  /** Takes in further images that a run is about. */
  bring(uris: readonly string[]): void {
    for (const address of uris.slice(1)) {
      const uri = this.#world.fileOf(address);
      const known = this.#all.find((image) => image.uri.toString() === uri.toString());
      const image = known ?? this.#picture(uri);
      if (address !== uri.toString()) image.addresses.add(address);
      if (known !== undefined) continue;
      this.#all.push(image);
      void image.load();
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#all).dispose();
  }
}

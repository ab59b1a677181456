import * as vscode from 'vscode';
import { failureView } from '../../core/base/failure.ts';
import type { ImageFacts } from '../base/imageFacts.ts';
import type { Pictures, Shown } from './pictures.ts';

/** What a picture of a session needs. */
export interface PictureWorld {
  readFacts: (uri: vscode.Uri, signal?: AbortSignal) => Promise<ImageFacts>;
  pictures: Pick<Pictures, 'showsFile' | 'of' | 'hintOf' | 'forget'>;
}

/** An image of a session: what is known of its file, and what editors show of it. */
export class SessionPicture implements vscode.Disposable {
  readonly uri: vscode.Uri;
  /** What runs call it, where that is not its file: the address of an image from the web. */
  readonly addresses = new Set<string>();
  readonly #world: PictureWorld;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  #facts: ImageFacts | undefined;
  #shown: Shown = {};
  #looking = new AbortController();
  #looks = 0;
  /** The latest look whose findings are here. */
  #found = 0;
  readonly #disposing = new AbortController();

  constructor(uri: vscode.Uri, world: PictureWorld) {
    this.uri = uri;
    this.#world = world;
  }

  /** Unset until it was read. */
  get facts(): ImageFacts | undefined {
    return this.#facts;
  }

  get shown(): Shown {
    return this.#shown;
  }

  /** Reads header and hash, again when the file may have changed. Resolves to whether its content is another; never rejects. Of looks that take longer than those after them nothing is taken. */
  async load(): Promise<boolean> {
    const look = ++this.#looks;
    const { signal } = this.#disposing;
    const facts = await this.#world.readFacts(this.uri, signal).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
    if (facts === undefined || look < this.#found) return false;
    this.#found = look;
    const changed = facts.sha256 !== this.#facts?.sha256;
    this.#facts = facts;
    if (changed) void this.#look(facts);
    this.#changed.fire();
    return changed;
  }

  /** Shows the file itself where that can be done, and looks whether it is whole; otherwise shows a picture made of it. */
  async #look(facts: ImageFacts): Promise<void> {
    this.#stopLooking();
    if (facts.sha256 === undefined) return;
    const { pictures } = this.#world;
    const { signal } = this.#looking;
    if (pictures.showsFile(facts)) this.#shown = { pixels: this.uri };
    try {
      const picture = await pictures.of(this.uri, signal);
      if (signal.aborted) await pictures.forget(picture);
      else this.#shown = picture;
    } catch (error) {
      if (signal.aborted) return;
      this.#facts = { ...facts, problem: failureView(error) };
    }
    this.#changed.fire();
    await this.#lookCloser(signal);
  }

  /** Once the picture is seen: whether a word about it is in place. */
  async #lookCloser(signal: AbortSignal): Promise<void> {
    const shown = this.#shown;
    const hint = await this.#world.pictures.hintOf(shown, signal).catch(() => undefined);
    if (hint === undefined || signal.aborted) return;
    this.#shown = { ...shown, hint };
    this.#changed.fire();
  }

  #stopLooking(): void {
    this.#looking.abort();
    this.#looking = new AbortController();
    void this.#world.pictures.forget(this.#shown);
    this.#shown = {};
  }

  dispose(): void {
    this.#disposing.abort();
    this.#stopLooking();
    this.#changed.dispose();
  }
}

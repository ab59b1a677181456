import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { formatBytes } from '../../core/base/format.ts';
import { isImageName } from '../../core/base/imageNames.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import { anyGet } from '../../engine/fetching/anyGet.ts';
import { FetchedImages } from '../../engine/fetching/fetchedImages.ts';
import { type FetchProgress, fetchImage } from '../../engine/fetching/fetchImage.ts';
import { TIME_LIMITS } from '../../engine/fetching/fetchTimeout.ts';
import { publicGet, publicServers } from '../../engine/fetching/publicGet.ts';
import { addressFlaw, EXAMPLE, readAddress } from '../../engine/fetching/webAddress.ts';
import type { WebGet } from '../../engine/fetching/webReply.ts';
import type { WebOrigin } from '../../engine/files/imageFiles.ts';
import { Job } from '../../engine/sending/job.ts';
import { MOST_PASTED_BYTES } from '../../protocol.ts';

/** Images from the web, kept for a while as files, so that everything works with them as with any other file. */
export class WebImages {
  readonly #mostBytes: () => number;
  readonly #log: (line: string) => void;
  readonly #files: FetchedImages;
  readonly #any: WebGet;
  readonly #public = publicGet();

  /** Files by the addresses that inspections name. */
  readonly #known = new Map<string, vscode.Uri>();

  /**
   * @param folder holds the fetched images; a folder on this computer
   * @param mostBytes of an image
   * @param log takes a line about a fetch, which names the server but never the rest of the address
   */
  constructor(folder: vscode.Uri, mostBytes: () => number, log: (line: string) => void) {
    this.#files = new FetchedImages(folder.fsPath);
    this.#mostBytes = mostBytes;
    this.#log = log;
    // Looked up at each call: VS Code's proxy support takes its place.
    this.#any = anyGet((...request) => globalThis.fetch(...request));
  }

  /** Asks the user for an address and fetches what is there, wherever that is; undefined when no address was given. */
  async fetchTyped(): Promise<vscode.Uri | undefined> {
    const typed = await askForAddress();
    return typed === undefined ? undefined : this.#attended(readAddress(typed), this.#any);
  }

  /** Fetches an image that a text names, from a public address only, with progress that can be cancelled. */
  async fetchNamed(address: string): Promise<vscode.Uri> {
    return this.#attended(readAddress(address), this.#public);
  }

  /** Fetches an image for a program, from a public address only. */
  async fetchGiven(address: string): Promise<vscode.Uri> {
    return this.#fetch(readAddress(address), this.#public, new Job());
  }

  /** Keeps an image out of the clipboard; undefined bytes are of one that is too large. Rejects with an InspectorError for what is no image. */
  async keepPasted(bytes: Uint8Array | undefined, size: number): Promise<vscode.Uri> {
    if (size === 0) throw new InspectorError('noImage', t('There is no image in the clipboard.'));
    const most = Math.min(this.#mostBytes(), MOST_PASTED_BYTES);
    if (bytes === undefined || bytes.length > most)
      throw new InspectorError('tooLarge', t('The pasted image is larger than {0}.', formatBytes(most)), {
        ...(most < MOST_PASTED_BYTES ? { detail: t('The limit is a setting.'), actions: ['openSettings'] } : {}),
      });
    return vscode.Uri.file(await this.#files.keepBytes(bytes, `${t('Pasted image')} ${localTime(new Date())}`));
  }

  /** Where the image of a file was fetched from, if it was. */
  originOf(file: vscode.Uri): Promise<WebOrigin | undefined> {
    return this.#files.originOf(file.fsPath);
  }

  /** Takes away what was fetched more than seven days ago, and gets to know the rest. */
  async open(): Promise<this> {
    await this.#files.cleanUp();
    for (const { path, origin } of await this.#files.list()) this.#known.set(origin.address, vscode.Uri.file(path));
    return this;
  }

  /** The file of an image by the address that inspections name, while it is kept. */
  fileOf(address: string): vscode.Uri | undefined {
    return this.#known.get(address);
  }

  /** True if the server of an address is on the public internet, for all that is known here. */
  async isPublic(address: URL): Promise<boolean> {
    return publicServers(address).then(
      () => true,
      () => false,
    );
  }

  async #attended(address: URL, get: WebGet): Promise<vscode.Uri> {
    const job = new Job();
    const title = t('Fetching the image from {0}', sanitizeForUi(address.host));
    const location = vscode.ProgressLocation.Notification;
    return vscode.window.withProgress({ location, title, cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => job.cancel());
      let told = 0;
      return this.#fetch(address, get, job, ({ bytes, total }) => {
        const percent = total === undefined || total === 0 ? 0 : (bytes / total) * 100;
        const message = total === undefined ? formatBytes(bytes) : t('{0} of {1}', formatBytes(bytes), formatBytes(total));
        progress.report({ message, increment: percent - told });
        told = percent;
      });
    });
  }

  async #fetch(address: URL, get: WebGet, job: Job, onProgress: (progress: FetchProgress) => void = () => undefined): Promise<vscode.Uri> {
    const started = Date.now();
    const log = (outcome: string) => this.#log(`fetch · ${address.host} · ${Date.now() - started} ms · ${outcome}`);
    const options = { get, mostBytes: this.#mostBytes(), limits: TIME_LIMITS, signal: job.signal, onProgress };
    try {
      const path = await this.#files.keep(address, (take) => fetchImage(address, { ...options, take }));
      log('OK');
      const file = vscode.Uri.file(path);
      const origin = await this.#files.originOf(path);
      if (origin !== undefined) this.#known.set(origin.address, file);
      return file;
    } catch (error) {
      log(error instanceof InspectorError ? error.reason : 'failed');
      throw error;
    }
  }
}

/** As it stands in a file name: `2026-11-28 09.41.07`. */
function localTime(date: Date): string {
  const local = new Date(date.getTime() - date.getTimezoneOffset() * 60_000).toISOString();
  return local.slice(0, 19).replace('T', ' ').replaceAll(':', '.');
}

async function askForAddress(): Promise<string | undefined> {
  const clipboard = await copiedText();
  const offered = addressFlaw(clipboard) === undefined && isImageName(new URL(clipboard).pathname) ? clipboard : '';
  const typed = await vscode.window.showInputBox({
    title: t('Inspect Image from URL…'),
    prompt: t('The image is fetched to this computer. Nothing is sent to Gemini until you run a task.'),
    placeHolder: EXAMPLE,
    value: offered,
    ignoreFocusOut: true,
    validateInput: (value) => (value.trim() === '' ? undefined : addressFlaw(value)),
  });
  return typed === undefined || typed.trim() === '' ? undefined : typed;
}

/** The browser may refuse to show what was copied. */
async function copiedText(): Promise<string> {
  try {
    return (await vscode.env.clipboard.readText()).trim();
  } catch {
    return '';
  }
}

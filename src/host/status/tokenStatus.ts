import type * as vscode from 'vscode';
import { describeTokens, formatTokenLabel, type TokenLabel } from '../../core/usage/tokenLabel.ts';
import type { MediaResolution, TokenEstimate } from '../../core/usage/tokens.ts';
import type { SentImage } from './imageTokens.ts';

/** What the status bar shows. */
export interface TokenStatusView {
  text: string;
  /** For a screen reader. */
  accessibleText: string;
  warning: boolean;
  /** What the tooltip is made of; undefined where the file has no readable size. */
  image: (SentImage & Pick<KnownTokens, 'billed'> & { label: TokenLabel }) | undefined;
}

/** What the status bar entry needs. */
export interface TokenStatusOptions {
  /** The image of the active editor. */
  activeImage: () => vscode.Uri | undefined;
  show: (name: string, view: TokenStatusView) => void;
  hide: () => void;
  /** The form to show tokens in: of a file, or of several. */
  form: (uri: vscode.Uri | undefined) => TokenLabel['show'] | 'off';
  /** Reads a file's header. */
  read: (uri: vscode.Uri) => Promise<SentImage>;
  costUsd: (model: string, tokens: number) => number | undefined;
  /** True when a budget of the user's would stop a task on an image of that price. */
  isOverBudget: (usd: number) => Promise<boolean>;
  nameOf: (uri: vscode.Uri) => string;
  /** What earlier windows have heard of an image. */
  stored: (uri: vscode.Uri) => Promise<readonly ReportedTokens[]>;
  /** Calls when the file changes, until disposed of. */
  watch: (uri: vscode.Uri, changed: () => void) => vscode.Disposable;
}

/** What the API has said about an image, and for what that holds. */
interface KnownTokens {
  model: string;
  resolution: MediaResolution;
  /** What the rules say tells sizes and backends apart. */
  documented: number;
  observed: number | undefined;
  counted?: number;
  billed?: number;
}

/** A number of tokens that the API has said. */
export interface ReportedTokens {
  model: string;
  resolution: MediaResolution;
  /** Of the image as it was sent then. */
  estimate: TokenEstimate;
  counted?: number;
  billed?: number;
}

/** Images of which is remembered what the API said, and for each so many models, resolutions and sizes. */
const MOST_KNOWN = 500;
const MOST_OCCASIONS = 12;

/**
 * Shows what the image of the active editor would cost, before anything is sent; after a count, what the API says; after a task, what it did cost. There is one
 * entry and one file that is watched, whatever editors come and go.
 */
export class TokenStatus implements vscode.Disposable {
  readonly #options: TokenStatusOptions;
  readonly #known = new Map<string, readonly KnownTokens[]>();
  readonly #work = new Map<string, { found: number }>();
  /** Images of which it has been looked up what earlier windows have heard. */
  readonly #recalled = new Set<string>();
  #watched: { address: string; watcher: vscode.Disposable } | undefined;
  #sum: { images: number; tokens: number; model: string; address: string } | undefined;
  #generation = 0;

  constructor(options: TokenStatusOptions) {
    this.#options = options;
    void this.update();
  }

  dispose(): void {
    this.#generation++;
    this.#watch(undefined);
  }

  /** What was counted or billed for an image. */
  report(uri: vscode.Uri, { model, resolution, estimate, ...reported }: ReportedTokens): void {
    const address = uri.toString();
    const occasion: KnownTokens = { model, resolution, documented: estimate.documented, observed: estimate.observed };
    const earlier = this.#known.get(address) ?? [];
    const same = earlier.find((known) => agrees(known, occasion));
    this.#known.delete(address);
    this.#known.set(
      address,
      [{ ...occasion, ...same, ...reported }, ...earlier.filter((known) => known !== same)].slice(0, MOST_OCCASIONS),
    );
    for (const [oldest] of this.#known) if (this.#known.size > MOST_KNOWN) this.#known.delete(oldest);
    void this.update();
  }

  /** A count or a task on an image has come so far; undefined when it has ended. */
  working(uri: vscode.Uri, work: { found: number } | undefined): void {
    const address = uri.toString();
    if (this.#work.get(address)?.found === work?.found) return;
    if (work === undefined) this.#work.delete(address);
    else this.#work.set(address, work);
    if (this.#options.activeImage()?.toString() === address) void this.update();
  }

  /** The sum of several images as counted, shown until another editor is active. */
  counted(images: number, tokens: number, model: string): void {
    this.#sum = { images, tokens, model, address: this.#options.activeImage()?.toString() ?? '' };
    void this.update();
  }

  /** Looks again at the active editor and the settings. Resolves when that is shown, or when something newer is on its way. */
  async update(): Promise<void> {
    const uri = this.#options.activeImage();
    const generation = ++this.#generation;
    const address = uri?.toString() ?? '';
    if (this.#sum?.address !== address) this.#sum = undefined;
    this.#watch(uri);
    const form = this.#options.form(uri);
    if (form === 'off' || (uri === undefined && this.#sum === undefined)) return this.#options.hide();
    if (this.#sum !== undefined) return this.#showSum(this.#sum, form);
    if (uri !== undefined) await this.#show(uri, form, () => generation === this.#generation);
  }

  /** Reads the header, which may take a moment: by then another image may be active. */
  async #show(uri: vscode.Uri, form: TokenLabel['show'], isCurrent: () => boolean): Promise<void> {
    const image = await this.#options.read(uri).catch(() => undefined);
    if (!isCurrent()) return;
    const known = image === undefined ? undefined : this.#knownOf(uri, image);
    const tokens = known?.billed ?? known?.counted ?? image?.estimate.tokens;
    const usd = image === undefined || tokens === undefined ? undefined : this.#options.costUsd(image.model, tokens);
    const overBudget = await this.#options.isOverBudget(usd ?? 0);
    if (!isCurrent()) return;
    const work = this.#work.get(uri.toString());
    const label: TokenLabel = {
      sign: known?.billed !== undefined ? '✓' : known?.counted !== undefined ? '=' : '≈',
      tokens,
      usd,
      images: 1,
      show: form,
      ...(work === undefined ? {} : { work }),
      overBudget,
    };
    const name = this.#options.nameOf(uri);
    this.#options.show(name, {
      text: formatTokenLabel(label),
      accessibleText: describeTokens(label, name),
      warning: overBudget,
      image: image && { ...image, label, ...(known?.billed === undefined ? {} : { billed: known.billed }) },
    });
    if (image !== undefined) this.#recall(uri);
  }

  /** Looks up once what earlier windows have heard of an image; what comes of it is shown when it is there. */
  #recall(uri: vscode.Uri): void {
    const address = uri.toString();
    if (this.#recalled.has(address) || this.#known.has(address)) return;
    this.#recalled.add(address);
    void this.#options.stored(uri).then(
      (stored) => {
        if (!this.#known.has(address)) for (const reported of stored) this.report(uri, reported);
      },
      () => undefined,
    );
  }

  #showSum({ images, tokens, model }: { images: number; tokens: number; model: string }, form: TokenLabel['show']): void {
    const usd = this.#options.costUsd(model, tokens);
    const label: TokenLabel = { sign: '=', tokens, usd, images, show: form, overBudget: false };
    this.#options.show('', { text: formatTokenLabel(label), accessibleText: describeTokens(label, ''), warning: false, image: undefined });
  }

  /** Only what was said of the image as it would be sent now. */
  #knownOf(uri: vscode.Uri, { model, resolution, estimate: { documented, observed } }: SentImage): KnownTokens | undefined {
    return this.#known.get(uri.toString())?.find((known) => agrees(known, { model, resolution, documented, observed }));
  }

  #watch(uri: vscode.Uri | undefined): void {
    const address = uri?.toString();
    if (this.#watched?.address === address) return;
    this.#watched?.watcher.dispose();
    this.#watched = undefined;
    if (uri === undefined || address === undefined) return;
    const watcher = this.#options.watch(uri, () => {
      this.#known.delete(address);
      this.#recalled.delete(address);
      void this.update();
    });
    this.#watched = { address, watcher };
  }
}

function agrees(a: KnownTokens, b: KnownTokens): boolean {
  return a.model === b.model && a.resolution === b.resolution && a.documented === b.documented && a.observed === b.observed;
}

import * as vscode from 'vscode';
import { costUsd } from '../core/cost.ts';
import { formatUsd } from '../core/figures.ts';
import type { Inspection } from '../core/inspection.ts';
import { t } from '../core/l10n.ts';
import { modelInfo } from '../core/models.ts';
import { plain } from '../core/plain.ts';
import { estimateImageTokens, type TokenEstimate } from '../core/tokens.ts';
import { activeImage } from './activeImage.ts';
import { nameOf, openImage } from './imageFile.ts';
import { readSettings, type Settings } from './settings.ts';

/** Beside the built-in image items, which are at 100 to 102. */
const PRIORITY = 99;

/** Shows what the image of the active editor would cost, before anything is sent; after a task, what it did cost. */
export class TokenStatus implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  readonly #subscriptions: vscode.Disposable;
  /** Image tokens as billed, by image address. */
  readonly #billed = new Map<string, number>();
  #generation = 0;

  constructor(onDidInspect: vscode.Event<Inspection>) {
    this.#item = vscode.window.createStatusBarItem('imageInspector.tokens', vscode.StatusBarAlignment.Right, PRIORITY);
    this.#item.name = t('Image Tokens');
    this.#item.command = 'imageInspector.selectModel';
    this.#subscriptions = vscode.Disposable.from(
      this.#item,
      vscode.window.tabGroups.onDidChangeTabs(() => this.#update()),
      vscode.window.tabGroups.onDidChangeTabGroups(() => this.#update()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (!change.affectsConfiguration('imageInspector')) return;
        this.#billed.clear();
        this.#update();
      }),
      onDidInspect(({ images, tokens }) => {
        const [image] = images;
        if (image !== undefined && images.length === 1 && tokens.image !== undefined) this.#billed.set(image.uri, tokens.image);
        this.#update();
      }),
    );
    this.#update();
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  #update(): void {
    const uri = activeImage();
    const generation = ++this.#generation;
    if (uri === undefined || readSettings(uri).statusBar === 'off') {
      this.#item.hide();
      return;
    }
    void this.#show(uri, () => generation === this.#generation);
  }

  /** Reads the header, which may take a moment: by then another image may be active. */
  async #show(uri: vscode.Uri, current: () => boolean): Promise<void> {
    const settings = readSettings(uri);
    const estimate = await estimateFile(uri, settings).catch(() => undefined);
    if (!current()) return;
    const name = plain(nameOf(uri));
    const billed = this.#billed.get(uri.toString());
    const tokens = billed ?? estimate?.tokens;
    if (tokens === undefined) {
      this.#item.text = `≈ ? ${t('tok')}`;
      this.#item.accessibilityInformation = { label: t('The tokens of {0} cannot be estimated', name) };
    } else {
      this.#item.text = figures(
        billed === undefined ? '≈' : '✓',
        tokens,
        costUsd(settings.model, new Date(), { prompt: tokens }),
        settings.statusBar,
      );
      const label =
        billed === undefined
          ? t('About {0} tokens for {1}, estimated', tokens.toLocaleString(), name)
          : t('{0} tokens for {1}, billed', tokens.toLocaleString(), name);
      this.#item.accessibilityInformation = { label };
    }
    this.#item.tooltip = tooltip(name, settings.model, estimate);
    this.#item.show();
  }
}

/** The estimate for an image file, from its header. Rejects with an InspectorError when the header cannot be read. */
export async function estimateFile(
  uri: vscode.Uri,
  { model, mediaResolution, maxDimension }: Pick<Settings, 'model' | 'mediaResolution' | 'maxDimension'>,
): Promise<TokenEstimate> {
  const [{ probe }, { sentSize }] = await Promise.all([import('../imaging/probe.ts'), import('../core/sentSize.ts')]);
  const header = await probe(await openImage(uri));
  return estimateImageTokens(sentSize(header, { maxDimension }), modelInfo(model), mediaResolution);
}

function figures(sign: '≈' | '✓', tokens: number, usd: number | undefined, show: 'tokens' | 'cost' | 'both' | 'off'): string {
  const count = `${tokens.toLocaleString()} ${t('tok')}`;
  if (usd === undefined || show === 'tokens') return `${sign} ${count}`;
  return show === 'cost' ? `${sign} ${formatUsd(usd)} (${count})` : `${sign} ${count} · ${formatUsd(usd)}`;
}

/** Plain text: nothing in it can be a link or an icon. */
function tooltip(name: string, model: string, estimate: TokenEstimate | undefined): string {
  const lines = [t('{0} for {1}', name, plain(model))];
  if (estimate === undefined) return [...lines, t('The file has no readable size.')].join('\n');
  lines.push(t('Estimated from the size in the file, before anything is sent.'));
  if (estimate.observed !== undefined && estimate.observed !== estimate.documented) {
    lines.push(t('Documented rule: {0}. Seen in replies: {1}.', estimate.documented.toLocaleString(), estimate.observed.toLocaleString()));
  }
  return [...lines, t('Click to choose the model.')].join('\n');
}

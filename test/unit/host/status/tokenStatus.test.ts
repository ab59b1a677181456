import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import type * as vscode from 'vscode';
import { TABLE_DATE } from '../../../../src/core/models/modelTable.ts';
import { estimateFor } from '../../../../src/core/usage/estimate.ts';
import type { MediaResolution } from '../../../../src/core/usage/tokens.ts';
import type { SentImage } from '../../../../src/host/status/imageTokens.ts';
import { type ReportedTokens, TokenStatus, type TokenStatusView } from '../../../../src/host/status/tokenStatus.ts';

/** As much of a Uri as is looked at. */
const uriOf = (name: string) => ({ path: `/w/${name}`, toString: () => `file:///w/${name}` }) as unknown as vscode.Uri;

const imageOf = (width: number, height: number, model = 'gemini-3.8-flash', resolution: MediaResolution = 'default'): SentImage => ({
  model,
  resolution,
  estimate: estimateFor({ width, height }, model, resolution, { calibration: {}, date: new Date(TABLE_DATE) }),
  size: { width, height },
  type: 'PNG',
  wireBytes: 1000,
  inlineLimit: 20e6,
});

/** A window in which one image is active at a time. */
class Window {
  active: vscode.Uri | undefined;
  form: 'tokens' | 'cost' | 'both' | 'off' = 'tokens';
  /** What reading a header gives; rejects for those not in it. */
  readonly images = new Map<string, SentImage>();
  /** Resolved before a header is read. */
  delay: (uri: vscode.Uri) => Promise<void> = async () => undefined;
  /** What earlier windows have heard. */
  readonly stored = new Map<string, ReportedTokens[]>();
  overBudget = false;
  onShown: (view: TokenStatusView) => unknown = () => undefined;
  shown: (TokenStatusView & { name: string }) | undefined;
  readonly watchers = new Map<vscode.Disposable, { uri: vscode.Uri; changed: () => void }>();
  mostWatchers = 0;
  readonly status: TokenStatus;

  constructor() {
    this.status = new TokenStatus({
      activeImage: () => this.active,
      show: (name, view) => {
        this.shown = { ...view, name };
        this.onShown(view);
      },
      hide: () => {
        this.shown = undefined;
      },
      form: () => this.form,
      read: async (uri) => {
        await this.delay(uri);
        const image = this.images.get(uri.toString());
        if (image === undefined) throw new Error('no image');
        return image;
      },
      costUsd: (_, tokens) => (tokens * 0.75) / 1e6,
      isOverBudget: async () => this.overBudget,
      nameOf: (uri) => uri.path.slice(3),
      stored: async (uri) => this.stored.get(uri.toString()) ?? [],
      watch: (uri, changed) => {
        const watcher = { dispose: () => void this.watchers.delete(watcher) };
        this.watchers.set(watcher, { uri, changed });
        this.mostWatchers = Math.max(this.mostWatchers, this.watchers.size);
        return watcher;
      },
    });
  }

  add(name: string, image: SentImage): vscode.Uri {
    const uri = uriOf(name);
    this.images.set(uri.toString(), image);
    return uri;
  }

  async open(uri: vscode.Uri | undefined): Promise<string | undefined> {
    this.active = uri;
    await this.status.update();
    return this.shown?.text;
  }
}

suite('the entry in the status bar', () => {
  test('is there while an image is active, and goes with it', async () => {
    const window = new Window();
    assert.equal(await window.open(undefined), undefined);
    assert.equal(await window.open(window.add('cat.png', imageOf(620, 620))), '≈ 1,089 tok');
    assert.equal(window.shown?.accessibleText, 'About 1,089 tokens for cat.png, estimated');
    assert.equal(await window.open(undefined), undefined);
  });

  test('shows nothing when that is the setting, and the cost where it is', async () => {
    const window = new Window();
    const cat = window.add('cat.png', imageOf(620, 620));
    window.form = 'off';
    assert.equal(await window.open(cat), undefined);
    window.form = 'both';
    assert.equal(await window.open(cat), '≈ 1,089 tok · $0.0008');
  });

  test('knows what earlier windows were billed, for the same model and resolution only', async () => {
    const window = new Window();
    const image = imageOf(620, 620);
    const cat = window.add('cat.png', image);
    window.stored.set(cat.toString(), [{ model: image.model, resolution: 'default', estimate: image.estimate, billed: 1100 }]);
    const billed = new Promise<void>((resolve) => {
      window.onShown = ({ text }) => text === '✓ 1,100 tok' && resolve();
    });
    assert.equal(await window.open(cat), '≈ 1,089 tok');
    await billed;
    window.images.set(cat.toString(), imageOf(620, 620, 'gemini-2.5-flash-lite'));
    assert.match((await window.open(cat)) ?? '', /^≈/);
  });

  test('says so when the file has no readable size', async () => {
    const window = new Window();
    assert.equal(await window.open(uriOf('broken.png')), '≈ ? tok');
    assert.equal(window.shown?.image, undefined);
  });

  test('a header that comes late is not shown for the image that is active by then', async () => {
    const window = new Window();
    const slow = window.add('slow.png', imageOf(128, 128));
    const quick = window.add('quick.png', imageOf(597, 566));
    const { promise, resolve } = Promise.withResolvers<void>();
    window.delay = async (uri) => (uri === slow ? promise : undefined);
    const first = window.open(slow);
    assert.equal(await window.open(quick), '≈ 1,088 tok');
    resolve();
    await first;
    assert.equal(window.shown?.name, 'quick.png');
  });

  test('estimated, then counted, then billed', async () => {
    const window = new Window();
    const image = imageOf(620, 620);
    const cat = window.add('cat.png', image);
    assert.equal(await window.open(cat), '≈ 1,089 tok');
    window.status.report(cat, { ...image, counted: 1088 });
    assert.equal(await window.open(cat), '= 1,088 tok');
    window.status.report(cat, { ...image, billed: 1087 });
    assert.equal(await window.open(cat), '✓ 1,087 tok');
    assert.equal(window.shown?.image?.billed, 1087);
  });

  test('what was said holds for that model, resolution and size only', async () => {
    const window = new Window();
    const cat = window.add('cat.png', imageOf(960, 540, 'gemini-2.0-flash'));
    window.status.report(cat, { ...imageOf(960, 540, 'gemini-2.0-flash'), billed: 1806 });
    assert.equal(await window.open(cat), '✓ 1,806 tok');
    for (const other of [
      imageOf(960, 540, 'gemini-3.8-flash'),
      imageOf(960, 540, 'gemini-2.0-flash', 'low'),
      imageOf(384, 216, 'gemini-2.0-flash'),
    ]) {
      window.images.set(cat.toString(), other);
      assert.match((await window.open(cat)) ?? '', /^≈/);
    }
    window.images.set(cat.toString(), imageOf(960, 540, 'gemini-2.0-flash'));
    assert.equal(await window.open(cat), '✓ 1,806 tok', 'and again when that holds again');
  });

  test('a file that changes is estimated anew', async () => {
    const window = new Window();
    const image = imageOf(620, 620);
    const cat = window.add('cat.png', image);
    window.status.report(cat, { ...image, billed: 1087 });
    assert.equal(await window.open(cat), '✓ 1,087 tok');
    const [watcher] = window.watchers.values();
    watcher?.changed();
    assert.equal(await window.open(cat), '≈ 1,089 tok');
  });

  test('a task at work turns, with what it has found', async () => {
    const window = new Window();
    const cat = window.add('cat.png', imageOf(620, 620));
    await window.open(cat);
    window.status.working(cat, { found: 6 });
    assert.equal(await window.open(cat), '$(loading~spin) ≈ 1,089 tok · 6 found');
    window.status.working(cat, undefined);
    assert.equal(await window.open(cat), '≈ 1,089 tok');
  });

  test('several that were counted are shown until another editor is active', async () => {
    const window = new Window();
    const cat = window.add('cat.png', imageOf(620, 620));
    await window.open(cat);
    window.status.counted(4, 4356, 'gemini-3.8-flash');
    assert.equal(window.shown?.text, '= 4,356 tok · 4 images');
    assert.equal(await window.open(cat), '= 4,356 tok · 4 images');
    assert.equal(await window.open(window.add('dog.png', imageOf(128, 128))), '≈ 1,089 tok');
    assert.equal(await window.open(cat), '≈ 1,089 tok');
  });

  test('several can be counted without an editor', async () => {
    const window = new Window();
    window.form = 'both';
    window.status.counted(2, 2178, 'gemini-3.8-flash');
    assert.equal(window.shown?.text, '= 2,178 tok · $0.0016 · 2 images');
  });

  test('a budget that stops tasks is a warning', async () => {
    const window = new Window();
    window.overBudget = true;
    assert.equal(await window.open(window.add('cat.png', imageOf(620, 620))), '$(warning) ≈ 1,089 tok · over budget');
    assert.equal(window.shown?.warning, true);
  });

  test('switching among 200 images leaves no listener behind', async () => {
    const window = new Window();
    const images = Array.from({ length: 200 }, (_, index) => window.add(`${index}.png`, imageOf(index + 1, 200)));
    for (const image of images) await window.open(image);
    // And without waiting for the headers.
    await Promise.all(images.map((image) => window.open(image)));
    assert.equal(window.mostWatchers, 1, 'one file is watched at a time');
    assert.equal([...window.watchers.values()][0]?.uri, images.at(-1));
    assert.equal(window.shown?.name, '199.png');
    await window.open(undefined);
    assert.equal(window.watchers.size, 0);
    await window.open(images[0]);
    window.status.dispose();
    assert.equal(window.watchers.size, 0);
  });
});

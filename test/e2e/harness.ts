import { mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { after, afterEach, before, type TestContext } from 'node:test';
import type { Browser, FrameLocator, Locator, Page } from 'playwright-core';
import { launchChromium } from '../tools/chromium.ts';
import { type CodeServer, QUIET_SETTINGS, startCodeServer } from '../tools/codeServer.ts';
import { packageVsix } from '../tools/packageVsix.ts';
import { EXTENSION_ID, PROJECT } from '../tools/project.ts';
import { type FolderContent, openedFolder } from './openedFolder.ts';

/** VS Code in a browser on a busy machine may take this long for one step. */
const PATIENCE_MS = 60_000;

const SCREENSHOTS = join(PROJECT, 'out/screenshots');

/** Otherwise an editor that opens changes what a test has selected. */
const QUIET_EXPLORER = { 'explorer.autoReveal': false };

/** VS Code 1.139 shows its own settings over the window otherwise. */
const EDITORS_IN_TABS = { 'workbench.editor.useModal': 'off' };

/** A command of ours that the palette always offers. */
const ALWAYS_THERE = 'Gemini Image Inspector: Set API Key…';

const THEMES = {
  dark: { name: 'Dark Modern', className: 'vs-dark' },
  light: { name: 'Light Modern', className: 'vs' },
  highContrast: { name: 'Dark High Contrast', className: 'hc-black' },
  highContrastLight: { name: 'Light High Contrast', className: 'hc-light' },
} as const;

export interface VsCodeOptions {
  /** What is in the folder. Default: the sample pictures. */
  folder?: FolderContent;
  /** What the folder is called. */
  folderName?: string;
  /** User settings. */
  settings?: Readonly<Record<string, unknown>>;
  /** The environment of the extension, such as GEMINI_API_KEY; nothing of this process's gets through. */
  env?: Readonly<Record<string, string>>;
  viewport?: { width: number; height: number };
  /** Further extensions, packaged. */
  extensions?: readonly string[];
}

/**
 * One VS Code for all tests of a suite: `const vscode = useVsCode(() => ({ … }))` in the suite, `vscode().runCommand(…)` in its tests. The options are
 * asked for after the suite's earlier `before` hooks. A test that fails leaves a screenshot and the server's log in `out/screenshots`.
 */
export function useVsCode(options: () => VsCodeOptions = () => ({})): () => VsCode {
  let running: VsCode | undefined;
  const vscode = (): VsCode => {
    if (!running) throw new Error('VS Code has not been started');
    return running;
  };
  before(async () => {
    running = await VsCode.start(options());
  });
  afterEach(async (context) => {
    // Node's types do not know `passed` yet
    const test = context as TestContext & { passed: boolean };
    if (!test.passed) await running?.keepEvidence(test.fullName);
  });
  after(async () => {
    await running?.stop();
  });
  return vscode;
}

/** A real VS Code with the packaged extension, as users have it, driven by mouse and keyboard. */
export class VsCode {
  readonly page: Page;
  /** The folder that is open. */
  readonly folder: string;
  readonly #server: CodeServer;
  readonly #browser: Browser;
  #settings: Readonly<Record<string, unknown>>;

  private constructor(page: Page, folder: string, server: CodeServer, browser: Browser, settings: Readonly<Record<string, unknown>>) {
    this.page = page;
    this.folder = folder;
    this.#server = server;
    this.#browser = browser;
    this.#settings = settings;
  }

  /** Resolves when VS Code shows the folder and knows the extension, which takes about ten seconds. */
  static async start(options: VsCodeOptions = {}): Promise<VsCode> {
    const vsix = await packageVsix();
    const folder = await openedFolder(options.folderName, options.folder);
    const settings = {
      ...QUIET_SETTINGS,
      ...EDITORS_IN_TABS,
      ...QUIET_EXPLORER,
      'workbench.colorTheme': THEMES.dark.name,
      ...options.settings,
    };
    const server = await startCodeServer({ extensions: [vsix, ...(options.extensions ?? [])], settings, env: options.env ?? {} });
    let browser: Browser | undefined;
    try {
      browser = await launchChromium();
      const context = await browser.newContext({ viewport: options.viewport ?? { width: 1280, height: 800 } });
      await context.grantPermissions(['clipboard-read', 'clipboard-write']);
      context.setDefaultTimeout(PATIENCE_MS);
      const vscode = new VsCode(await context.newPage(), folder, server, browser, settings);
      await vscode.open();
      return vscode;
    } catch (error) {
      await browser?.close();
      await server.stop();
      throw error;
    }
  }

  /** Loads the window, or loads it again. */
  async open(): Promise<void> {
    await this.page.goto(`${this.#server.url}/?${new URLSearchParams({ folder: this.folder })}`);
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    await this.#waitForExtension();
  }

  /** Loads the window again as a user does: VS Code writes down before what is open. */
  async reloadWindow(): Promise<void> {
    await this.page.evaluate(() => Object.assign(window, { isOld: true }));
    await this.runCommand('Developer: Reload Window');
    await this.page.waitForFunction(() => !('isOld' in window));
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor();
    await this.#waitForExtension();
  }

  /** What extensions contribute arrives after the window: menus opened earlier lack it. The command palette looks again whenever its text changes. */
  async #waitForExtension(): Promise<void> {
    // An editor that was open before may still be loading, and have the focus: such a page hands no keys on.
    await this.pressUntil('F1', this.#quickInput);
    const deadline = Date.now() + PATIENCE_MS;
    do {
      if (Date.now() > deadline) throw new Error('VS Code does not know the extension');
      await this.#quickInput.fill('>');
      await this.#quickInput.fill(`>${ALWAYS_THERE}`);
    } while (!(await comes(this.quickPickRow(ALWAYS_THERE).waitFor({ timeout: 500 }))));
    await this.page.keyboard.press('Escape');
    await this.page.locator('.quick-input-widget').waitFor({ state: 'hidden' });
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await this.#server.stop();
    await rm(dirname(this.folder), { recursive: true, force: true });
  }

  /** A file or folder in the explorer. */
  explorerRow(name: string): Locator {
    return this.page.locator('.explorer-folders-view .monaco-list-row').filter({ has: this.page.getByText(name, { exact: true }) });
  }

  /** Opens a file with its usual editor, as a double click does. */
  async openFile(name: string): Promise<void> {
    await this.explorerRow(name).dblclick();
    await this.page.locator('.tab.active').filter({ hasText: name }).waitFor();
  }

  /** Right-clicks a file in the explorer and chooses an item; the titles before the last are those of submenus. */
  async chooseInExplorer(name: string, ...titles: readonly string[]): Promise<void> {
    await this.explorerRow(name).click({ button: 'right' });
    await this.chooseInMenu(...titles);
  }

  /** Chooses an item in the menu that is open; the titles before the last are those of submenus. */
  async chooseInMenu(...titles: readonly string[]): Promise<void> {
    for (const title of titles.slice(0, -1)) await this.openSubmenu(title);
    const item = this.#menuItem(titles.at(-1) ?? '');
    // VS Code ignores a click on a menu that has only just opened
    do await item.click();
    while (!(await comes(this.page.locator('.monaco-menu').first().waitFor({ state: 'detached', timeout: 500 }))));
  }

  /** Opens a submenu of the innermost menu that is open. */
  async openSubmenu(title: string): Promise<void> {
    const open = await this.page.locator('.monaco-submenu').count();
    await this.#menuItem(title).click();
    await this.page.locator('.monaco-submenu').nth(open).waitFor();
  }

  #menuItem(title: string): Locator {
    return this.page
      .locator('.monaco-menu .action-item')
      .filter({ has: this.page.getByText(title, { exact: true }) })
      .last();
  }

  /** Closes the menu that is open, with its submenus. */
  async closeMenu(): Promise<void> {
    while ((await this.page.locator('.monaco-menu').count()) > 0) await this.page.keyboard.press('Escape');
  }

  /** The titles in the innermost menu that is open. */
  async menuTitles(): Promise<string[]> {
    return this.page.locator('.monaco-menu').last().locator('.action-label:not(.separator)').allInnerTexts();
  }

  /** Presses a key, or several in turn, of a keybinding that depends on the focus, of which VS Code hears a moment after the page has it. */
  async pressUntil(keys: string | string[], seen: Locator): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    for (;;) {
      for (const key of [keys].flat()) await this.page.keyboard.press(key);
      try {
        return await seen.waitFor({ timeout: 1000 });
      } catch (error) {
        if (Date.now() > deadline) throw error;
      }
    }
  }

  /** Runs a command by its full title ("Category: Title") from the command palette. */
  async runCommand(title: string): Promise<void> {
    const deadline = Date.now() + PATIENCE_MS;
    const choose = async (): Promise<void> => {
      await this.page.keyboard.press('F1');
      await this.#quickInput.fill(`>${title}`, { timeout: 3000 });
      await this.quickPickRow(title).click({ timeout: 3000 });
    };
    // an editor that takes the focus as it opens or closes makes the palette go away
    while (!(await comes(choose()))) if (Date.now() > deadline) throw new Error(`The command palette does not offer "${title}"`);
  }

  get #quickInput(): Locator {
    return this.page.locator('.quick-input-widget input.input');
  }

  /** A row of the list at the top of the window by the text of its label. */
  quickPickRow(label: string): Locator {
    return this.page
      .locator('.quick-input-list .monaco-list-row')
      .filter({ has: this.page.getByText(label, { exact: true }) })
      .first();
  }

  /** Types into the field over a list at the top of the window. */
  async filterQuickPick(text: string): Promise<void> {
    await this.#quickInput.fill(text);
  }

  /** Types into the field at the top of the window and takes it. */
  async answerInput(text: string): Promise<void> {
    await this.#quickInput.fill(text);
    await this.#quickInput.press('Enter');
  }

  /** An entry of the status bar by our id, such as `imageInspector.tokens`. */
  statusBarItem(id: string): Locator {
    return this.page.locator(`.statusbar [id="${EXTENSION_ID}.${id}"]`);
  }

  /** What is in our editor's page, the visible one. */
  inspector(): FrameLocator {
    return this.page
      .locator(`iframe.webview.ready[src*="extensionId=${EXTENSION_ID}"]:visible`)
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** What is in the page of VS Code's own image preview, the visible one. */
  preview(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready[src*="extensionId=vscode.media-preview"]:visible')
      .contentFrame()
      .frameLocator('iframe#active-frame');
  }

  /** Resolves when VS Code in the browser has written down which editors are open, which it does every five seconds and does not tell. */
  async stateIsKept(): Promise<void> {
    await this.page.waitForTimeout(6500);
  }

  /** Notifications that hold the text, all by default. */
  notifications(text: string | RegExp = ''): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item').filter({ hasText: text });
  }

  /** The modal dialog that is open. */
  dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** The review of what is sent, in the active inspector. */
  review(): Locator {
    return this.inspector().getByTestId('send-sheet');
  }

  /** Answers the question of that review. */
  async answerReview(button: 'send' | 'dont-send'): Promise<void> {
    await this.review().getByTestId(button).click();
    await this.review().waitFor({ state: 'detached' });
  }

  /** Presses a button of the modal dialog. */
  async answerDialog(button: string): Promise<void> {
    await this.dialog().getByRole('button', { name: button, exact: true }).click();
    await this.dialog().waitFor({ state: 'detached' });
  }

  /** Changes user settings by hand, in their file's editor: VS Code in a browser does not see a change of the file itself. */
  async updateSettings(change: Readonly<Record<string, unknown>>): Promise<void> {
    this.#settings = { ...this.#settings, ...change };
    await this.runCommand('Preferences: Open User Settings (JSON)');
    const tab = this.page.locator('.tab.active').filter({ hasText: 'settings.json' });
    await tab.waitFor();
    // The palette has left it where a tab may be by now, whose hover would lie over the text.
    await this.page.locator('.part.statusbar').hover();
    await this.page.locator('.editor-group-container.active .monaco-editor .view-line').first().click();
    await this.page.keyboard.press('Control+A');
    await this.page.keyboard.insertText(JSON.stringify(this.#settings));
    await this.page.keyboard.press('Control+S');
    await this.page.locator('.tab.active:not(.dirty)').waitFor();
    await this.runCommand('View: Close Editor');
    await tab.waitFor({ state: 'detached' });
  }

  /** Resolves when the window shows the theme. */
  async setTheme(theme: keyof typeof THEMES): Promise<void> {
    const { name, className } = THEMES[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.#quickInput.fill(name);
    await this.quickPickRow(name).click();
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  /** Saves a picture of the window as `out/screenshots/<name>.png`. */
  async screenshot(name: string): Promise<void> {
    await mkdir(SCREENSHOTS, { recursive: true });
    await this.page.screenshot({ path: join(SCREENSHOTS, `${name}.png`) });
  }

  /** Saves what helps to understand a failure. */
  async keepEvidence(test: string): Promise<void> {
    const name = `failed-${basename(process.argv[1] ?? '', '.ts')}-${test.replace(/[^\w]+/g, '-')}`;
    await this.screenshot(name);
    await writeFile(join(SCREENSHOTS, `${name}.log`), this.#server.log());
    console.log(`See out/screenshots/${name}.png`);
  }
}

async function comes(event: Promise<unknown>): Promise<boolean> {
  return event.then(
    () => true,
    () => false,
  );
}

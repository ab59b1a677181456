import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import type { FromWebviewMessage, SessionState, ToWebviewMessage } from '../../../src/protocol.ts';
import { drawPicture, IMAGE } from './sessions.ts';
import { BODY_CLASS, type Theme, themeSheet } from './themes.ts';

const ROOT = join(import.meta.dirname, '../../..');
const ORIGIN = 'https://page.test';

declare global {
  interface Window {
    posted: FromWebviewMessage[];
    kept: unknown;
  }
}

/** The script of a page, bundled as it is shipped. */
export async function bundleWebview(room: 'page' | 'set' | 'trying' = 'page'): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, 'src/webview', room, 'main.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    platform: 'browser',
    target: 'chrome134',
    logLevel: 'error',
  });
  return outputFiles[0]?.text ?? '';
}

export interface PageOptions {
  theme?: Theme;
  width?: number;
  height?: number;
  /** What the page kept before. */
  kept?: unknown;
  picture?: Buffer;
}

/** The page of the inspector in a browser, with the test in place of the host. */
export class InspectorPage {
  readonly page: Page;
  /** Errors of the page: exceptions, violations of its content security policy, failed loads. */
  readonly errors: string[];

  private constructor(page: Page, errors: string[]) {
    this.page = page;
    this.errors = errors;
  }

  /** Opens the page and answers its `ready` with the session. */
  static async open(browser: Browser, script: string, session: SessionState, options: PageOptions = {}): Promise<InspectorPage> {
    const { picture = drawPicture() } = options;
    const pictures = { [new URL(IMAGE.src).pathname]: { body: picture, contentType: 'image/png' } };
    const { page, errors } = await openPage(browser, { script, sheet: 'inspector.css', files: pictures }, options);
    const opened = new InspectorPage(page, errors);
    await opened.send({ type: 'state', state: session });
    await page.getByTestId('viewer').first().waitFor();
    return opened;
  }

  async send(message: ToWebviewMessage): Promise<void> {
    await this.page.evaluate((data) => window.postMessage(data, '*'), message);
  }

  /** Waits until the page has drawn what it was sent. */
  async drawn(): Promise<void> {
    await this.page.evaluate(
      () => (document.querySelector('inspector-page') as Element & { updateComplete: Promise<unknown> }).updateComplete,
    );
  }

  /** Waits for a message to the host and returns it. */
  async posted<Type extends FromWebviewMessage['type']>(type: Type): Promise<Extract<FromWebviewMessage, { type: Type }>> {
    const handle = await this.page.waitForFunction((wanted) => window.posted.findLast((message) => message.type === wanted), type);
    return (await handle.jsonValue()) as Extract<FromWebviewMessage, { type: Type }>;
  }

  /** All messages of a type so far. */
  async allPosted(type: FromWebviewMessage['type']): Promise<FromWebviewMessage[]> {
    return this.page.evaluate((wanted) => window.posted.filter((message): message is FromWebviewMessage => message.type === wanted), type);
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** What a page loads. */
export interface PageFiles {
  script: string;
  /** Its style sheet in `dist`. */
  sheet: string;
  /** Further files by path. */
  files: Record<string, { body: string | Buffer; contentType: string }>;
}

/** Opens a page as VS Code does, and waits until it says that it is there. `errors`: exceptions, violations of its content security policy, failed loads. */
export async function openPage(
  browser: Browser,
  { script, sheet, files: further }: PageFiles,
  { theme = 'dark', width = 1200, height = 800, kept }: PageOptions,
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width, height } });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (line) => {
    if (line.type() === 'error') errors.push(line.text());
  });
  const files: PageFiles['files'] = {
    '/': { body: pageOf(theme, sheet), contentType: 'text/html; charset=utf-8' },
    '/webview.js': { body: script, contentType: 'text/javascript' },
    '/theme.css': { body: themeSheet(theme), contentType: 'text/css' },
    [`/${sheet}`]: { body: await readFile(join(ROOT, 'dist', sheet)), contentType: 'text/css' },
    '/codicon.css': { body: await readFile(join(ROOT, 'node_modules/@vscode/codicons/dist/codicon.css')), contentType: 'text/css' },
    '/codicon.ttf': { body: await readFile(join(ROOT, 'node_modules/@vscode/codicons/dist/codicon.ttf')), contentType: 'font/ttf' },
    ...further,
  };
  await page.route('**/*', (route) => {
    const file = files[new URL(route.request().url()).pathname];
    return file ? route.fulfill(file) : route.abort();
  });
  await page.addInitScript((before) => {
    window.posted = [];
    window.kept = before;
    Object.assign(window, {
      acquireVsCodeApi: () => ({
        postMessage: (message: FromWebviewMessage) => window.posted.push(message),
        setState: (state: unknown) => {
          window.kept = state;
        },
        getState: () => window.kept,
      }),
    });
  }, kept);
  await page.goto(`${ORIGIN}/`);
  await page.waitForFunction(() => window.posted.some(({ type }) => type === 'ready'));
  return { page, errors };
}

/** As the host writes it: the same policy, one script, nothing inline. */
function pageOf(theme: Theme, sheet: string): string {
  const policy = `default-src 'none'; img-src ${ORIGIN} blob: data:; style-src ${ORIGIN}; font-src ${ORIGIN}; script-src 'nonce-test'`;
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <title>Image Inspector</title><link rel="icon" href="data:,"><link rel="stylesheet" href="theme.css"><link rel="stylesheet" id="vscode-codicon-stylesheet" href="codicon.css">
    <link rel="stylesheet" href="${sheet}"></head><body class="${BODY_CLASS[theme]}"><div id="app"></div><script nonce="test" src="webview.js"></script></body></html>`;
}

import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { startWebServer } from '../fakes/webServer.ts';
import { png } from '../fixtures/images.ts';
import { useVsCode } from './harness.ts';

suite('the packaged extension in VS Code', () => {
  const vscode = useVsCode();

  test('offers its tasks in the context menu of a picture', async () => {
    await vscode().explorerRow('street.png').click({ button: 'right' });
    await vscode().openSubmenu('Image Inspector');
    const titles = await vscode().menuTitles();
    for (const word of ['Open', 'Describe', 'Detect', 'Segment'])
      assert.ok(
        titles.some((title) => title.includes(word)),
        `${word} is missing in ${titles}`,
      );
    await vscode().closeMenu();
  });

  test('shows a picture that is opened from the menu', async () => {
    await vscode().chooseInExplorer('street.png', 'Image Inspector', 'Open in Inspector');
    await vscode().inspector().getByTestId('viewer').waitFor();
  });

  test('fetches a picture from an address that is typed, and shows it like a file', async () => {
    const server = await startWebServer();
    server.answers.set('/pictures/red%20cat.jpg', (response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(png(64, 48)));
    try {
      await vscode().runCommand('Gemini Image Inspector: Inspect Image from URL…');
      const { page } = vscode();
      await page.locator('.quick-input-widget input.input').fill('ftp://127.0.0.1/cat.jpg');
      await page.locator('.quick-input-widget').getByText('Only addresses that begin with https:// or http://').waitFor();
      await vscode().answerInput(`${server.url}/pictures/red%20cat.jpg?w=2`);
      await page.locator('.tab.active', { hasText: /^from 127\.0\.0\.1_\d+\/red cat\.png$/ }).waitFor();
      await vscode()
        .inspector()
        // What is no sign of file names stands as an underscore.
        .getByLabel(/^from 127\.0\.0\.1_\d+\/red cat\.png, 64 by 48 pixels/)
        .waitFor();
      await vscode().inspector().locator('img[src*="red%20cat.png"]').first().waitFor();
      assert.deepEqual(
        server.requests.map(({ url }) => url),
        ['/pictures/red%20cat.jpg?w=2'],
      );
      await vscode().screenshot('from-url');
    } finally {
      await server.close();
    }
  });

  test('says in the status bar what the picture costs', async () => {
    await vscode().statusBarItem('imageInspector.tokens').filter({ hasText: '≈' }).waitFor();
  });

  test('follows a change of the settings', async () => {
    await vscode().updateSettings({ 'imageInspector.statusBar': 'off' });
    await vscode().statusBarItem('imageInspector.tokens').waitFor({ state: 'detached' });
    await vscode().updateSettings({ 'imageInspector.statusBar': 'tokens' });
    await vscode().statusBarItem('imageInspector.tokens').waitFor();
  });

  for (const theme of ['light', 'highContrast', 'highContrastLight', 'dark'] as const) {
    test(`stays open in the ${theme} theme`, async () => {
      await vscode().setTheme(theme);
      await vscode().inspector().getByTestId('viewer').waitFor();
      await vscode().screenshot(`open-${theme}`);
    });
  }
});

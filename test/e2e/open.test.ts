import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
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

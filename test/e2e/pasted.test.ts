import assert from 'node:assert/strict';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { PROJECT } from '../tools/project.ts';
import { useVsCode } from './harness.ts';

/** What a program's log has of a reply: no key is set here, and nothing could be sent. */
const LOG = `2026-11-28 05:00:00 INFO reading street.png
2026-11-28 05:00:03 INFO reply: [
  {"box_2d": [680, 150, 870, 400], "label": "yellow car"},
  {"box_2d": [790, 540, 980, 790], "label": "blue car"}
]
`;

suite('a reply that was got elsewhere', () => {
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await cp(join(PROJECT, 'test/fixtures/samples'), folder, { recursive: true });
      await writeFile(join(folder, 'program.log'), LOG);
    },
  }));

  test('without a selection the menu of a text has nothing of it', async () => {
    const code = useCode();
    await code.openFile('program.log');
    await code.page.locator('.monaco-editor .view-line').first().click({ button: 'right' });
    await code.page.locator('.monaco-menu').waitFor();
    assert.ok(!(await code.menuTitles()).includes('Show on Image…'));
    await code.closeMenu();
  });

  test('is selected, and drawn on the image that it names', async () => {
    const code = useCode();
    await code.page.keyboard.press('Control+A');
    await code.page.locator('.monaco-editor .selected-text').first().waitFor();
    await code.page.locator('.monaco-editor .view-line').nth(2).click({ button: 'right' });
    await code.page.locator('.monaco-menu').waitFor();
    await code.screenshot('pasted-menu');
    await code.chooseInMenu('Show on Image…');
    await code.page.locator('.quick-input-list .monaco-list-row.focused').getByText('street.png', { exact: true }).waitFor();
    await code.screenshot('pasted-picker');
    await code.page.keyboard.press('Enter');
    const inspector = code.inspector();
    await inspector.getByTestId('box').nth(1).waitFor();
    assert.deepEqual(await inspector.getByTestId('box').evaluateAll((boxes) => boxes.map((box) => box.getAttribute('aria-label'))), [
      'yellow car',
      'blue car',
    ]);
    assert.equal(await inspector.getByTestId('answered-by').innerText(), 'Pasted, not from Gemini');
    await code.screenshot('pasted-result');
  });

  test('offers nothing that needs a request', async () => {
    const inspector = useCode().inspector();
    await inspector.getByTestId('panel').getByRole('button', { name: 'More actions' }).click();
    await inspector.getByRole('menuitem', { name: 'Delete Run' }).waitFor();
    await useCode().screenshot('pasted-actions');
    const titles = await inspector.getByRole('menuitem').allInnerTexts();
    assert.deepEqual(
      titles.map((title) => title.split('\n')[0]?.trim()),
      ['Export…', 'Open Raw Reply in Editor', 'Delete Run'],
    );
  });

  test('opens in an editor of VS Code, beside the image; a log is no JSON', async () => {
    const code = useCode();
    await code.inspector().getByRole('menuitem', { name: 'Open Raw Reply in Editor' }).click();
    await code.page.locator('.tab.active').filter({ hasText: 'Untitled-1' }).waitFor();
    await code.page.locator('.editor-group-container.active .view-line').filter({ hasText: 'yellow car' }).first().waitFor();
    await code.page
      .locator('.statusbar-item')
      .filter({ hasText: /^Plain Text$/ })
      .waitFor();
    assert.equal(await code.page.locator('.editor-group-container').count(), 3);
  });
});

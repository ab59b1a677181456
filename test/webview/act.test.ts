import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ObjectAction } from '../../src/protocol.ts';
import type { InspectorPage } from './support/inspectorPage.ts';
import { picturePages, places } from './support/picture.ts';
import { inspection, object, STATES, sessionWith } from './support/sessions.ts';

const onPage = picturePages();

const copied = async (opened: InspectorPage) => (await opened.posted('act')).text;

test('a menu item of VS Code acts on the object it was opened on', () =>
  onPage(STATES.segment, async (opened) => {
    const { page } = opened;
    const act = (action: ObjectAction, id = '2') => opened.send({ type: 'object', action, id });
    for (const [action, text] of [
      ['copyLabel', 'glass jar'],
      ['copyBoxPixels', '384, 120, 96, 144'],
      ['copyBoxFractions', '0.6, 0.25, 0.15, 0.3'],
      ['copyBoxThousandths', '[250, 600, 550, 750]'],
    ] as const) {
      await act(action);
      await page.waitForFunction((wanted) => window.posted.some((message) => message.type === 'act' && message.text === wanted), text);
    }
    await act('hideLabel');
    await page.getByText('2 of 4 · 2 hidden').waitFor();
    await page.getByTestId('viewer').press('Control+z');
    await act('showOnly', '3');
    await page.getByText('1 of 4 · 3 hidden').waitFor();
    await act('segment', '1');
    assert.deepEqual(await opened.posted('run'), { type: 'run', task: 'segment', query: 'glass jar' });
    await act('copyLabel', 'no such object');
  }));

test('an object is shown where it stands in the raw reply', () =>
  onPage(STATES.problem, async (opened) => {
    await opened.send({ type: 'object', action: 'showInRaw', id: '2' });
    assert.match((await opened.page.locator('.reply-line.opened').textContent()) ?? '', /250, 600, 550, 750/);
  }));

test('the raw reply opens whole in an editor of VS Code', () =>
  onPage(STATES.problem, async (opened) => {
    await opened.send({ type: 'object', action: 'showInRaw', id: '2' });
    await opened.page.getByRole('button', { name: 'Open raw reply in editor' }).click();
    assert.deepEqual(await opened.posted('act'), { type: 'act', action: 'openText', text: STATES.problem?.runs[0]?.raw });
  }));

test('the details offer the same by one button, for the keyboard too', () =>
  onPage(STATES.detect, async (opened) => {
    const { page } = opened;
    await page.locator('object-row').nth(2).click();
    await page.getByTestId('details').getByRole('button', { name: 'More actions' }).press('Enter');
    await page.getByRole('menuitem', { name: 'Copy Label' }).press('Enter');
    assert.equal(await copied(opened), 'wooden spoon with a rather long name');
    assert.equal(await page.getByRole('menuitem', { name: 'Copy Cut-out' }).count(), 0);
  }));

test('a question about an object begins with what and where it is, and sends nothing', () =>
  onPage({ ...(STATES.detect as NonNullable<typeof STATES.detect>), tasks: ['detect', 'ask'] }, async (opened) => {
    const { page } = opened;
    await page.locator('object-row').nth(3).click();
    await page.getByTestId('viewer').press('Shift+Enter');
    const prompt = page.locator('[data-testid="prompt"]:focus');
    await prompt.waitFor();
    assert.equal(await prompt.inputValue(), 'About object 4, lid, at [210, 120, 270, 200]: ');
    assert.deepEqual(await opened.allPosted('run'), []);
  }));

test('asking is not offered while it cannot be done', () =>
  onPage(STATES.detect, async ({ page }) => {
    await page.locator('object-row').nth(3).click();
    assert.equal(await page.getByRole('button', { name: 'Ask about this object' }).count(), 0);
  }));

test('VS Code is told what its menu is about: the object under the pointer, the selection, the picture, or text', () =>
  onPage(STATES.detect, async ({ page }) => {
    const context = () =>
      page
        .locator('main')
        .getAttribute('data-vscode-context')
        .then((text) => (text === null ? undefined : JSON.parse(text)));
    const { boxes, picture } = await places(page);
    const jar = boxes['2'] as (typeof boxes)[string];
    await page.mouse.click(jar.x + 5, jar.y + 50, { button: 'right' });
    assert.deepEqual(await context(), {
      webviewSection: 'object',
      detectionId: '2',
      inspectorHasMask: false,
      inspectorIsPoint: false,
      inspectorCanAsk: false,
      preventDefaultContextMenuItems: true,
    });
    await page.locator('object-row[aria-selected="true"][data-detection-id="2"]').waitFor();
    await page.mouse.click(picture.x + 0.45 * picture.width, picture.y + 10, { button: 'right' });
    assert.equal((await context()).webviewSection, 'picture');
    await page.locator('object-row').first().click({ button: 'right' });
    assert.equal((await context()).detectionId, '1');
    await page.getByTestId('prompt').click({ button: 'right' });
    assert.equal(await context(), undefined);
  }));

/** The second object lies in the middle of the picture. */
const MIDDLE = sessionWith(
  inspection('detect', { detections: [object(1, 'lid', [0.1, 0.1, 0.1, 0.1]), object(2, 'pan', [0.3, 0.3, 0.4, 0.4])] }),
);

test('the menu key on the picture means the selected object, whatever is in its middle, or else the picture', () =>
  onPage(MIDDLE, async ({ page }) => {
    const context = async () => JSON.parse((await page.locator('main').getAttribute('data-vscode-context')) ?? '');
    await page.locator('object-row').first().click();
    await page.getByTestId('viewer').focus();
    for (const key of ['Shift+F10', 'ContextMenu']) {
      await page.keyboard.press(key);
      await page.locator('main[data-vscode-context]').waitFor();
      assert.equal((await context()).detectionId, '1');
    }
    await page.keyboard.press('Escape');
    await page.locator('object-row[aria-selected="true"]').waitFor({ state: 'detached' });
    await page.keyboard.press('Shift+F10');
    assert.equal((await context()).webviewSection, 'picture');
    assert.equal(await page.locator('object-row[aria-selected="true"]').count(), 0);
  }));

test('pictures for the clipboard are asked of the host: all of it, a crop, a cut-out', () =>
  onPage(STATES.segment, async (opened) => {
    for (const [message, picture] of [
      [{ type: 'view', action: 'copyImage' }, { kind: 'whole' }],
      [
        { type: 'object', action: 'copyCrop', id: '1' },
        { kind: 'crop', run: 'run-segment', detection: '1' },
      ],
      [
        { type: 'object', action: 'copyCutOut', id: '2' },
        { kind: 'cutOut', run: 'run-segment', detection: '2' },
      ],
    ] as const) {
      await opened.send(message);
      await opened.page.waitForFunction(
        (kind) => window.posted.some((posted) => posted.type === 'makePicture' && posted.picture.kind === kind),
        picture.kind,
      );
      assert.deepEqual((await opened.posted('makePicture')).picture, picture);
    }
  }));

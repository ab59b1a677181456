import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from '../tools/project.ts';
import { useVsCode } from './harness.ts';

const CAR = JSON.stringify([{ box_2d: [683, 157, 863, 396], label: 'coche amarillo' }]);

/** What VS Code in a browser takes its language from. Its own words stay English: they come in language packs, which are extensions of the gallery. */
const LANGUAGE_VARIABLE = '_VSCODE_NLS_LANGUAGE';

suite('VS Code in Spanish', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    settings: { 'imageInspector.baseUrl': gemini.url },
    env: { GEMINI_API_KEY: 'test-key' },
  }));
  before(async () => {
    const code = useCode();
    await code.page.addInitScript((name) => Object.assign(globalThis, { [name]: 'es' }), LANGUAGE_VARIABLE);
    await code.open();
  });

  test('the menu of a picture is Spanish', async () => {
    const code = useCode();
    await code.explorerRow('street.png').click({ button: 'right' });
    await code.openSubmenu('Image Inspector');
    const titles = await code.menuTitles();
    const spanish: string[] = Object.values(JSON.parse(await readFile(join(PROJECT, 'package.nls.es.json'), 'utf8')));
    assert.deepEqual(titles.slice(0, 3), ['Abrir en el inspector', 'Describir imagen', 'Leer texto']);
    assert.deepEqual(
      titles.filter((title) => !spanish.includes(title)),
      [],
    );
    await code.closeMenu();
  });

  test('so are the page, the question before sending, and what came of it', async () => {
    const code = useCode();
    gemini.respondWith({ text: CAR });
    await code.chooseInExplorer('street.png', 'Image Inspector', 'Abrir en el inspector');
    const page = code.inspector();
    await page.getByText('¿Qué quiere saber sobre esta imagen?').waitFor();
    await code.screenshot('spanish-empty');
    await page.getByText('Detectar objetos').first().click();
    await code.review().getByText('Se quita antes de enviar').waitFor();
    assert.equal(await code.review().getByTestId('send').innerText(), 'Enviar');
    await code.screenshot('spanish-consent');
    await code.answerReview('send');
    await page.getByTestId('task-status').filter({ hasText: '1 objeto · 1 etiqueta' }).waitFor();
    await code.screenshot('spanish-result');
    assert.equal(await page.locator('html').getAttribute('lang'), 'es');
  });

  test('labels are asked for in Spanish', () => {
    const asked = gemini.requests.find(({ text }) => text.includes('box_2d'))?.text ?? '';
    assert.match(asked, /in this language: "Spanish"/);
  });

  test('the status bar speaks Spanish to screen readers', async () => {
    const code = useCode();
    const tokens = code.statusBarItem('imageInspector.tokens').locator('[aria-label*="tokens para street.png"]');
    await tokens.waitFor();
  });
});

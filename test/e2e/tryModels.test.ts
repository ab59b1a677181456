import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, suite, test } from 'node:test';
import { type GeminiServer, startGeminiServer } from '../fakes/geminiServer.ts';
import { png } from '../fixtures/images.ts';
import { useVsCode } from './harness.ts';

/** What the better model finds is what the labels say. */
const [JAR, LID] = [
  { box_2d: [100, 100, 600, 500], label: 'jar' },
  { box_2d: [700, 600, 900, 900], label: 'lid' },
];

suite('Try Models', () => {
  let gemini: GeminiServer;
  before(async () => {
    gemini = await startGeminiServer();
  });
  after(() => gemini.close());
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      await writeFile(join(folder, 'jar.png'), png(200, 150));
      // In fractions: the middle and the size of each.
      await writeFile(join(folder, 'jar.txt'), '0 0.3 0.35 0.4 0.5\n1 0.75 0.8 0.3 0.2\n');
      await writeFile(join(folder, 'classes.txt'), 'jar\nlid\n');
    },
    settings: { 'imageInspector.baseUrl': gemini.url },
    env: { GEMINI_API_KEY: 'test-key' },
  }));

  test('two models on an image with labels: the sum, one question, figures of each, and the better one used', async () => {
    const code = useCode();
    gemini.respondWhen(({ model, images }) => images.length > 0 && model?.includes('lite') === true, { text: JSON.stringify([JAR]) });
    gemini.respondWhen(({ model, images }) => images.length > 0 && model?.includes('lite') === false, { text: JSON.stringify([JAR, LID]) });
    await code.chooseInExplorer('jar.png', 'Image Inspector', 'Try Models…');
    const page = code.inspector();
    await page.getByText('1 image · 1 with labels').waitFor();
    await page.getByRole('checkbox', { name: /^gemini-3\.5-flash-lite/ }).check();
    await page
      .getByTestId('try-sum')
      .filter({ hasText: /^2 requests · \$0\.0/ })
      .waitFor();
    await code.screenshot('try-choices');
    assert.deepEqual(
      gemini.requests.filter(({ images }) => images.length > 0),
      [],
    );
    await page.getByTestId('try-run').click();
    await code.answerDialog('Send');
    const rows = page.getByTestId('try-results').locator('tbody tr');
    await rows.nth(0).filter({ hasText: '1.000' }).waitFor();
    await rows
      .nth(1)
      .filter({ hasText: /lite.*0\.667/s })
      .waitFor();
    await code.screenshot('try-results');
    await rows.nth(1).getByTestId('try-use').click();
    await rows.nth(1).getByText('In use').waitFor();
  });
});

/** Takes the pictures of the README from the running extension: `npm run screenshots`. The stand-in answers what is true of the sample pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { VsCode } from '../e2e/harness.ts';
import { startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from './project.ts';
import { answerForSample } from './sampleAnswers.ts';

const PICTURES = join(PROJECT, 'media/readme');
const VIEWPORT = { width: 1200, height: 740 };

await mkdir(PICTURES, { recursive: true });
const gemini = await startGeminiServer({ answer: answerForSample });
const code = await VsCode.start({
  folderName: 'street-photos',
  settings: {
    'imageInspector.baseUrl': gemini.url,
    'workbench.activityBar.location': 'hidden',
    'workbench.layoutControl.enabled': false,
    'breadcrumbs.enabled': false,
  },
  env: { GEMINI_API_KEY: 'test-key' },
  viewport: VIEWPORT,
});
try {
  // With 256 colors a third of the bytes: they are in the package.
  const save = async (name: string) =>
    sharp(await code.page.screenshot({ animations: 'disabled' }))
      .png({ palette: true, quality: 100, effort: 10 })
      .toFile(join(PICTURES, `${name}.png`));
  await code.explorerRow('street.png').click({ button: 'right' });
  await code.openSubmenu('Image Inspector');
  await save('menu');
  await code.closeMenu();
  await code.chooseInExplorer('street.png', 'Image Inspector', 'Detect Objects');
  await code.inspector().locator('image-viewer.sent .picture').waitFor();
  await save('consent');
  await code.answerReview('send');
  await done(/objects/);
  await save('detect');
  await code.chooseInExplorer('breakfast.jpg', 'Image Inspector', 'Segment Objects');
  await done(/objects/);
  await save('segment');
  await code.chooseInExplorer('sign.png', 'Image Inspector', 'Describe Image');
  await done(/characters/);
  await save('caption');
} finally {
  await code.stop();
  await gemini.close();
}

async function done(words: RegExp): Promise<void> {
  await code.inspector().getByTestId('task-status').filter({ hasText: words }).waitFor();
  // the tags are placed in the frame after
  await code
    .inspector()
    .locator('body')
    .evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

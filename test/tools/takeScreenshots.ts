/** Takes the picture and the animation of the README from the running extension: `npm run screenshots`. The stand-in answers what is true of the sample pictures. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { VsCode } from '../e2e/harness.ts';
import { startGeminiServer } from '../fakes/geminiServer.ts';
import { PROJECT } from './project.ts';
import { answerForSample } from './sampleAnswers.ts';

const PICTURES = join(PROJECT, 'media/readme');
const VIEWPORT = { width: 1200, height: 740 };
/** How long each picture of the animation is shown, in milliseconds. */
const FRAME_MS = 1600;

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
  const shot = () => code.page.screenshot({ animations: 'disabled' });
  // With 256 colors a third of the bytes: they are in the package.
  const save = async (name: string) =>
    sharp(await shot())
      .png({ palette: true, quality: 100, effort: 10 })
      .toFile(join(PICTURES, `${name}.png`));
  const frames: Buffer[] = [];
  const frame = async () =>
    frames.push(
      await sharp(await shot())
        .resize({ width: 900 })
        .png()
        .toBuffer(),
    );

  await frame();
  await code.explorerRow('street.png').click({ button: 'right' });
  await code.openSubmenu('Image Inspector');
  await frame();
  await code.closeMenu();
  await code.chooseInExplorer('street.png', 'Image Inspector', 'Describe Image');
  await code.inspector().locator('image-viewer.sent .picture').waitFor();
  await frame();
  await code.answerReview('send');
  await done(/characters/);
  await frame();
  const phrases = code.inspector().locator('.phrase');
  for (const phrase of [phrases.first(), phrases.nth(1)]) {
    await phrase.hover();
    await drawn();
    await frame();
  }
  await sharp(frames, { join: { animated: true } })
    .gif({ delay: frames.map(() => FRAME_MS), loop: 0, colours: 128, effort: 10 })
    .toFile(join(PICTURES, 'point.gif'));

  await code.chooseInExplorer('breakfast.jpg', 'Image Inspector', 'Segment Objects');
  await done(/objects/);
  await save('segment');
} finally {
  await code.stop();
  await gemini.close();
}

async function done(words: RegExp): Promise<void> {
  await code.inspector().getByTestId('task-status').filter({ hasText: words }).waitFor();
  await drawn();
}

async function drawn(): Promise<void> {
  // the tags are placed in the frame after
  await code
    .inspector()
    .locator('body')
    .evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
}

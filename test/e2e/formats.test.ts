import assert from 'node:assert/strict';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { suite, test } from 'node:test';
import { decoded, type Encoding, encoded, portrait, storedWith } from '../fixtures/pictures.ts';
import { useVsCode } from './harness.ts';

/** The corners of the portrait, clockwise from the top left: red, green, yellow, blue. */
const CORNERS = ['red', 'green', 'yellow', 'blue'];

const PICTURES: Readonly<Record<string, Encoding>> = {
  'scan.tiff': { format: 'tiff', orientation: 6 },
  'phone.webp': { format: 'webp', orientation: 6 },
  'phone.jpg': { format: 'jpeg', orientation: 8 },
  'drawing.avif': { format: 'avif' },
};

suite('any image is seen', () => {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  const useCode = useVsCode(() => ({
    folder: async (folder) => {
      for (const [name, encoding] of Object.entries(PICTURES))
        await writeFile(join(folder, name), await encoded(storedWith(encoding.orientation ?? 1, portrait(240, 360)), encoding));
      const whole = await encoded(portrait(1200, 1800), { format: 'jpeg' });
      await writeFile(join(folder, 'part.jpg'), whole.subarray(0, whole.length * 0.6));
      if (corpus) await copyFile(join(corpus, 'images/formats/heic-single.heic'), join(folder, 'photo.heic'));
    },
  }));

  /** Resolves when the picture has come, to its size and the names of the colours that are seen in its corners. */
  async function shown(): Promise<{ size: [number, number]; corners: string[] }> {
    const inspector = useCode().inspector();
    const picture = inspector.locator('.picture');
    await picture.waitFor();
    // Until the editor has taken the focus, it would close a menu that is opened.
    await inspector.getByRole('application').and(inspector.locator(':focus')).waitFor();
    const size = await picture.evaluate(async (element): Promise<[number, number]> => {
      const image = element as HTMLImageElement;
      await image.decode();
      return [image.naturalWidth, image.naturalHeight];
    });
    const { width, height, rgb } = await decoded(await picture.screenshot());
    const name = (x: number, y: number) => {
      const at = (Math.floor(y * height) * width + Math.floor(x * width)) * 3;
      const [red = 0, green = 0, blue = 0] = rgb.subarray(at, at + 3);
      if (red > 180) return green > 150 ? 'yellow' : 'red';
      return green > blue ? 'green' : 'blue';
    };
    return { size, corners: [name(0.1, 0.1), name(0.9, 0.1), name(0.9, 0.9), name(0.1, 0.9)] };
  }

  for (const name of Object.keys(PICTURES))
    test(`${name}, upright`, async () => {
      const code = useCode();
      if (name.endsWith('.tiff')) await code.openFile(name);
      else await code.chooseInExplorer(name, 'Image Inspector', 'Open in Inspector');
      const { size, corners } = await shown();
      assert.deepEqual(size, [240, 360]);
      assert.deepEqual(corners, CORNERS);
      await code.screenshot(`format-${name}`);
    });

  test('a photo of which a part is missing: what is there, and a word about it', async () => {
    const code = useCode();
    await code.chooseInExplorer('part.jpg', 'Image Inspector', 'Open in Inspector');
    await code.inspector().getByText('The file is incomplete').waitFor();
    await code.inspector().locator('.picture').waitFor();
    await code.screenshot('format-part');
  });

  test('a HEIC photo, by a click', { skip: corpus === undefined && 'IMAGE_INSPECTOR_CORPUS is not set' }, async () => {
    const code = useCode();
    await code.openFile('photo.heic');
    assert.deepEqual((await shown()).size, [1440, 960]);
    await code.screenshot('format-heic');
  });
});

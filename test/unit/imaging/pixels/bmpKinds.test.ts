import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { InspectorError } from '../../../../src/core/base/failure.ts';
import { prepare } from '../../../../src/imaging/pixels/prepare.ts';
import { bodySource } from '../../../../src/imaging/reading/body.ts';
import { memorySource, readWhole } from '../../../../src/imaging/reading/byteSource.ts';
import { type BmpLayout, bmp } from '../../../fixtures/bmps.ts';
import { COLOURS, type Colour, farthest, HEIGHT, WIDTH } from '../../../fixtures/quarters.ts';
import { BITMAPS } from '../../../fixtures/rasters.ts';

/** Of 255: what 4 bits a colour cost. */
const COARSE = 12;

/** `right`, the words of the refusal, or how far from the picture it is. */
async function outcome(file: Uint8Array, wanted: (index: number) => Colour): Promise<string> {
  const source = memorySource(file);
  try {
    const { body } = await prepare(source, { maxDimension: 0 });
    const off = await farthest(await readWhole(bodySource(body, source)), wanted);
    return off <= COARSE ? 'right' : `wrong by ${off}`;
  } catch (error) {
    return error instanceof InspectorError ? `${error.reason}: ${error.message} ${error.detail}` : String(error);
  }
}

/** The colours of the quarters as a bitmap holds them, on white. */
function wantedOf({ bits, masks = [], alpha = 0, headerSize = 40, palette, storage = 0 }: BmpLayout): (index: number) => Colour {
  const hasAlpha = masks.length === 4 && (storage !== 0 || headerSize >= 108);
  const opacity = hasAlpha ? alpha / 255 : 1;
  return (index) => {
    const colour = bits <= 8 ? (palette ?? COLOURS)[index % 2 ** bits] : COLOURS[index];
    const isMissing = palette?.length === 2 && bits === 8 && index > 1;
    return [0, 1, 2].map((channel) => (isMissing ? 0 : (colour?.[channel] ?? 0)) * opacity + 255 * (1 - opacity)) as unknown as Colour;
  };
}

suite('a bitmap is sent as browsers show it, or refused by name', () => {
  for (const [name, layout] of Object.entries(BITMAPS)) {
    // What lies where the palette should be is no picture: what it looks like, a test in the browser sees.
    if (layout.isSent && layout.pixelsAfter !== undefined) continue;
    test(`${name}: ${layout.isSent ? 'sent' : 'refused'}`, async () => {
      assert.match(await outcome(bmp(layout), wantedOf(layout)), layout.isSent ? /^right$/ : /^unsupportedImage: /);
    });
  }

  test('whose pixels begin where the palette does: the palette is one all the same', async () => {
    // Colours that, read as pixels, are other indices; the rest of the pixels follows.
    const rest = Array.from({ length: WIDTH * HEIGHT }, (_, at) => (at % WIDTH < WIDTH / 2 ? 1 : 2));
    const file = bmp({ bits: 8, colours: 4, pixelsAfter: 0, data: rest });
    // The 16 bytes of the palette are the first pixels, which moves the others to the right by as many, and half of them beyond the end of their row.
    const half = (index: number): Colour => COLOURS[index % 2 === 0 ? 2 : 1] ?? [0, 0, 0];
    assert.equal(await outcome(file, half), 'right');
  });

  test('that consists of hardly more than its size is refused before anything is decoded', async () => {
    const file = bmp({ bits: 8, colours: 4, storage: 1, palette: [[0, 0, 0]], data: [0, 1] });
    const view = new DataView(file.buffer);
    view.setInt32(18, 16_000, true);
    view.setInt32(22, 16_000, true);
    const before = process.memoryUsage().arrayBuffers;
    assert.match(await outcome(file, () => [0, 0, 0]), /^unsupportedImage: .*leaves out most of its pixels/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 50e6);
  });
});

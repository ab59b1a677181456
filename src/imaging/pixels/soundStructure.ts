import type { ImageType } from '../formats/imageType.ts';
import type { Structure } from '../formats/scan.ts';
import { structureOf } from '../formats/structure.ts';
import { bodySource } from '../reading/body.ts';
import { type ByteSource, readWhole } from '../reading/byteSource.ts';
import { wasmSharp } from './sharpWasm.ts';

/** Rows at the end of a picture of which the pixel library does not say that they are missing: one of its pieces. */
const LAST_ROWS = 64;
/** Bytes in place of those that may be missing: enough for a block, of which two kinds make different pixels. */
const FILLING = 4096;
const FILLINGS = [0x00, 0xaa];
/** Of the end-of-image marker. */
const END = 2;

/** The structure of an image file; one that had to be mended is decoded, to see whether all of its pixels are there. Rejects like `structureOf`. */
export async function soundStructureOf(mimeType: ImageType, source: ByteSource): Promise<Structure> {
  const found = await structureOf(mimeType, source);
  if (found.mended === undefined) return found;
  const { body, suspicion } = found.mended;
  return (await holdsItsPixels(await readWhole(bodySource(body, source)))) ? found : { problem: suspicion };
}

/** Whether a JPEG with an end holds the pixels before it: its decoder has nothing to say, and its last rows do not depend on what would follow. */
async function holdsItsPixels(file: Uint8Array): Promise<boolean> {
  const sharp = await wasmSharp();
  const options = { limitInputPixels: false } as const;
  try {
    const { width, height } = await sharp(file, options).metadata();
    // All of it is read, whatever size comes out.
    await sharp(file, { ...options, failOn: 'warning' })
      .resize(64, 64, { fit: 'inside' })
      .raw()
      .toBuffer();
    const rows = Math.min(LAST_ROWS, height);
    const [first, second] = await Promise.all(
      FILLINGS.map((filling) => {
        const filled = new Uint8Array(file.length + FILLING).fill(filling);
        filled.set(file.subarray(0, -END));
        filled.set(file.subarray(-END), filled.length - END);
        return sharp(filled, { ...options, failOn: 'none' })
          .extract({ left: 0, top: height - rows, width, height: rows })
          .raw()
          .toBuffer();
      }),
    );
    return first !== undefined && second !== undefined && first.equals(second);
  } catch {
    return false;
  }
}

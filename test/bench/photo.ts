/** Writes a photo to a file, as PNG if its name says so, else as JPEG. Usage: photo.ts FILE WIDTH HEIGHT ORIENTATION */
import { writeFile } from 'node:fs/promises';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';

const [path = '', ...numbers] = process.argv.slice(2);
const [width = 0, height = 0, orientation = 1] = numbers.map(Number);
await writeFile(path, await photo({ width, height, orientation, isPng: path.endsWith('.png') }));

/** A file that is as much work as a photo: soft shapes with grain. `orientation`: of EXIF. */
async function photo({
  width,
  height,
  orientation,
  isPng,
}: {
  width: number;
  height: number;
  orientation: number;
  isPng: boolean;
}): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const rgb = new Uint8Array(width * height * 3);
  let seed = 1;
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at += 3) {
      seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
      const grain = (seed >>> 28) - 8;
      rgb[at] = 128 + 90 * Math.sin(x / 211) + grain;
      rgb[at + 1] = 128 + 90 * Math.sin((x + y) / 173) + grain;
      rgb[at + 2] = 128 + 90 * Math.cos(y / 97) + grain;
    }
  }
  const pixels = sharp(rgb, { raw: { width, height, channels: 3 }, limitInputPixels: false });
  if (isPng) return new Uint8Array(await pixels.png({ adaptiveFiltering: true }).toBuffer());
  const image = pixels.withMetadata({ orientation });
  return new Uint8Array(await image.jpeg({ quality: 92 }).toBuffer());
}

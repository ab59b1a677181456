/** What changed between two large pictures: against decoding both, and the comparison against pixelmatch on the whole. */
import pixelmatch from 'pixelmatch';
import { comparePixels } from '../../src/imaging/difference/comparePixels.ts';
import { difference, readPixels } from '../../src/imaging/difference/difference.ts';
import type { Pixels } from '../../src/imaging/difference/partsToCompare.ts';
import { wasmSharp } from '../../src/imaging/pixels/sharpWasm.ts';
import { memorySource } from '../../src/imaging/reading/byteSource.ts';
import { pseudoRandom } from '../tools/pseudoRandom.ts';
import { median, printGoal, printTable } from './report.ts';

const SIZE = { width: 6000, height: 4000 };
const CHANGES = 200;
const ROUNDS = 9;

const before = painted();
const after: Pixels = { size: SIZE, data: before.data.slice() };
change(after, pseudoRandom(19));
const files = [await png(before), await png(after)] as const;
const [older, newer] = files.map(memorySource) as [ReturnType<typeof memorySource>, ReturnType<typeof memorySource>];

const found = (await difference(older, newer, 'corner')).difference.regions.length;
const jobs = {
  'difference of the files': () => difference(older, newer, 'corner'),
  'decoding both': async () => [await readPixels(older), await readPixels(newer)],
  comparing: () => comparePixels(before, after, 'corner'),
  pixelmatch: () => pixelmatch(before.data, after.data, new Uint8Array(before.data.length), SIZE.width, SIZE.height, { diffMask: true }),
};
const took = Object.keys(jobs).map(() => ({ clock: [] as number[], cpu: [] as number[] }));
// In turns: what else the machine does meets all of them.
for (let round = -2; round < ROUNDS; round++) {
  for (const [at, job] of Object.values(jobs).entries()) {
    const [start, cpu] = [performance.now(), process.cpuUsage()];
    await job();
    const { user, system } = process.cpuUsage(cpu);
    if (round < 0) continue;
    took[at]?.clock.push(performance.now() - start);
    took[at]?.cpu.push((user + system) / 1000);
  }
}
const figures = took.map(({ clock, cpu }) => ({ clock: median(clock), cpu: median(cpu), least: Math.min(...clock) }));
printTable([
  [`two PNGs of ${SIZE.width} x ${SIZE.height}, ${CHANGES} changes, ${found} regions`, 'ms', 'least', 'CPU'],
  ...Object.keys(jobs).map((name, at) => {
    const { clock = 0, least = 0, cpu = 0 } = figures[at] ?? {};
    return [name, ...[clock, least, cpu].map((ms) => ms.toFixed(0))];
  }),
]);
for (const by of ['clock', 'cpu'] as const) {
  const [whole, decoding, comparing, peer] = figures.map((one) => one[by]) as [number, number, number, number];
  printGoal(`difference against decoding both (${by})`, whole / decoding, 1.4, 'x');
  printGoal(`comparing against pixelmatch (${by})`, comparing / peer, 1, 'x');
}

/** A slope of colors with blocks on it, a little rough, as pictures of screens and renderings are. */
function painted(): Pixels {
  const random = pseudoRandom(7);
  const rough = Uint8Array.from({ length: 4096 }, () => Math.floor(4 * random()));
  const data = new Uint8Array(4 * SIZE.width * SIZE.height);
  for (let y = 0, at = 0; y < SIZE.height; y++) {
    for (let x = 0; x < SIZE.width; x++, at += 4) {
      const block = ((x >> 7) + (y >> 6)) & 1 ? 40 : 0;
      const noise = (y >> 8) & 1 ? (rough[(x * 31 + y * 17) & 4095] as number) : 0;
      data[at] = (x >> 5) + block + noise;
      data[at + 1] = (y >> 5) + block + noise;
      data[at + 2] = 120 + block;
      data[at + 3] = 255;
    }
  }
  return { data, size: SIZE };
}

function change({ data }: Pixels, random: () => number): void {
  for (let number = 0; number < CHANGES; number++) {
    const [left, top] = [Math.floor(random() * (SIZE.width - 80)), Math.floor(random() * (SIZE.height - 60))];
    const [width, height] = [4 + Math.floor(random() * 76), 4 + Math.floor(random() * 56)];
    for (let y = top; y < top + height; y++) {
      for (let at = 4 * (y * SIZE.width + left); at < 4 * (y * SIZE.width + left + width); at += 4) data[at] = 255 - (data[at] as number);
    }
  }
}

async function png({ data, size }: Pixels): Promise<Uint8Array> {
  const sharp = await wasmSharp();
  const picture = sharp(data, { raw: { ...size, channels: 4 }, limitInputPixels: false });
  return picture.removeAlpha().png({ compressionLevel: 6 }).toBuffer();
}

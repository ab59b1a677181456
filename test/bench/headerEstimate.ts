/** From the path of an image file to its estimated tokens: time, and bytes read. */
import { globSync } from 'node:fs';
import { mkdtemp, open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { modelInfo } from '../../src/core/models/models.ts';
import { estimateImageTokens } from '../../src/core/usage/tokens.ts';
import { probe } from '../../src/imaging/formats/probe.ts';
import type { ByteSource } from '../../src/imaging/reading/byteSource.ts';
import { fileSource } from '../../src/imaging/reading/byteSource.ts';
import { longHeaders, writeSparse } from './longHeaders.ts';
import { median, printGoal, printSkipped, printTable, timesOf } from './report.ts';

const RUNS = 31;
const MODEL = modelInfo('gemini-3.8-flash', new Date());

interface Figures {
  name: string;
  microseconds: number;
  bytes: number;
  reads: number;
  /** Opening a file and reading its first 64 kB, in the same minute. */
  plainRead: number;
  /** By library: microseconds, where it is installed and can read the file. */
  others: (number | undefined)[];
}

const LIBRARIES = [await installed('image-size', imageSize), await installed('sharp', sharpMetadata)].flatMap((library) => library ?? []);

const folder = await mkdtemp(join(tmpdir(), 'headers-'));
try {
  const made = await Promise.all(
    Object.entries(longHeaders()).map(async ([name, file], index) => {
      const path = join(folder, String(index));
      await writeSparse(path, file);
      return { name, path };
    }),
  );
  const figures: Figures[] = [];
  for (const { name, path } of made) figures.push(await measure(name, path));
  const recorded: Figures[] = [];
  for (const path of corpusImages())
    recorded.push(
      ...(await measure(path, path).then(
        (one) => [one],
        () => [],
      )),
    );

  printTable([
    ['', 'µs', 'bytes read', 'reads', 'ours / reading 64 kB', ...LIBRARIES.map(({ name }) => `ours / ${name}`)],
    ...figures.map(row),
    ...(recorded.length > 0 ? [row(middleOf(`${recorded.length} recorded images, the median of each column`, recorded))] : []),
  ]);
  if (recorded.length === 0) printSkipped('Headers of recorded images', 'IMAGE_INSPECTOR_CORPUS is not set');
  const all = [...figures, ...recorded];
  printGoal('Estimate from a header, the slowest file', Math.max(...all.map(({ microseconds }) => microseconds)) / 1000, 1, 'ms');
  printGoal('Bytes read for an estimate, the most of any file', Math.max(...all.map(({ bytes }) => bytes)), 65_536, 'bytes');
} finally {
  await rm(folder, { recursive: true });
}

async function measure(name: string, path: string): Promise<Figures> {
  const counted = counting(await fileSource(path));
  await probe(counted);
  const { bytes, reads } = counted;
  const ours = await timesOf(RUNS, async () => {
    const { stored } = await probe(await fileSource(path));
    return estimateImageTokens(stored, MODEL, 'default');
  });
  const plain = await timesOf(RUNS, () => readBeginning(path));
  const others: (number | undefined)[] = [];
  for (const { read } of LIBRARIES) {
    const times = await timesOf(RUNS, () => read(path)).catch(() => undefined);
    others.push(times && median(times) * 1000);
  }
  return { name, microseconds: median(ours) * 1000, bytes, reads, plainRead: median(plain) * 1000, others };
}

function counting({ size, read }: ByteSource): ByteSource & { bytes: number; reads: number } {
  return {
    size,
    bytes: 0,
    reads: 0,
    async read(offset, length) {
      const result = await read(offset, length);
      this.bytes += result.length;
      this.reads++;
      return result;
    },
  };
}

async function readBeginning(path: string): Promise<void> {
  await stat(path);
  const file = await open(path, 'r');
  await file.read(new Uint8Array(65_536), 0, 65_536, 0);
  await file.close();
}

/** Images that can be read at all; what is broken on purpose rejects. */
function corpusImages(): string[] {
  const corpus = process.env.IMAGE_INSPECTOR_CORPUS;
  return corpus ? globSync(`${corpus}/images/{,*/}*.{png,jpg,webp,heic,heif,gif,avif,bmp,tiff,svg}`) : [];
}

function row({ name, microseconds, bytes, reads, plainRead, others }: Figures): (string | number)[] {
  const ratio = (other: number | undefined) => (other === undefined ? '' : (microseconds / other).toFixed(2));
  return [name, Math.round(microseconds), bytes, reads, ratio(plainRead), ...others.map(ratio)];
}

function middleOf(name: string, figures: readonly Figures[]): Figures {
  const of = (value: (one: Figures) => number) => median(figures.map(value));
  const others = LIBRARIES.map((_, index) => {
    const known = figures.flatMap((one) => one.others[index] ?? []);
    return known.length > 0 ? median(known) : undefined;
  });
  return {
    name,
    microseconds: of((one) => one.microseconds),
    bytes: of((one) => one.bytes),
    reads: of((one) => one.reads),
    plainRead: of((one) => one.plainRead),
    others,
  };
}

type ReadSize = (path: string) => Promise<unknown>;

/** Undefined where the library is not installed: none of them is needed for anything else. */
async function installed<Library>(
  name: string,
  use: (library: Library) => ReadSize,
): Promise<{ name: string; read: ReadSize } | undefined> {
  const library = (await import(name).catch(() => undefined)) as Library | undefined;
  if (library) return { name, read: use(library) };
  printSkipped(`Headers against ${name}`, 'not installed');
  return undefined;
}

function imageSize(library: { imageSize(bytes: Uint8Array): unknown }): ReadSize {
  return async (path) => library.imageSize(await readFile(path));
}

function sharpMetadata(library: { default(path: string): { metadata(): Promise<unknown> } }): ReadSize {
  return (path) => library.default(path).metadata();
}

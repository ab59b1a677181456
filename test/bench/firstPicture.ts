/**
 * How soon a photo of 24 megapixels is seen in the inspector and in VS Code's own preview: both in one real VS Code, in turns, from the double click in
 * the explorer to the frame in which the picture stands. The page's own clock is read, the same in both.
 */
import { execFile } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { VsCode } from '../e2e/harness.ts';
import { median, printGoal, printTable } from './report.ts';

const ROUNDS = 11;
const SIZE = { width: 6000, height: 4000 };
/** The orientation of EXIF that most phones held upright write. */
const ORIENTATION = 6;
/** The same bytes under two names: which editor opens a file is decided by its name. */
const PREVIEWED = 'preview.jpg';
const INSPECTED = 'inspector.jpeg';

const parent = await mkdtemp(join(tmpdir(), 'image-inspector-'));
const folder = join(parent, 'photos');
await mkdir(folder);
const photo = join(import.meta.dirname, 'photo.ts');
await promisify(execFile)(process.execPath, [photo, join(folder, PREVIEWED), ...[SIZE.width, SIZE.height, ORIENTATION].map(String)]);
await copyFile(join(folder, PREVIEWED), join(folder, INSPECTED));
const code = await VsCode.start({
  folder,
  settings: { 'workbench.editorAssociations': { '*.jpeg': 'imageInspector.editor' } },
}).catch(async (error: unknown) => {
  await rm(parent, { recursive: true });
  throw error;
});
try {
  report(await measure(code));
} finally {
  await code.stop();
  await rm(parent, { recursive: true });
}

async function measure({ page }: VsCode): Promise<Record<'preview' | 'inspector', number[]>> {
  const seen = new Map<string, (at: number) => void>();
  await page.exposeBinding('reportPicture', (_, name: string, at: number) => seen.get(name)?.(at));
  // In all frames that come from now on, those of editors among them.
  await page.addInitScript(reportPictures, [PREVIEWED, INSPECTED]);
  await page.evaluate(() => {
    addEventListener('dblclick', () => Object.assign(window, { opened: Date.now() }), { capture: true });
  });
  const open = async (name: string): Promise<number> => {
    const shown = new Promise<number>((resolve) => seen.set(name, resolve));
    await code.openFile(name);
    const at = await shown;
    const start = await page.evaluate(() => (window as Window & { opened?: number }).opened ?? Number.NaN);
    await code.runCommand('View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
    return at - start;
  };
  const times = { preview: [] as number[], inspector: [] as number[] };
  for (let round = 0; round < ROUNDS; round++) {
    times.preview.push(await open(PREVIEWED));
    times.inspector.push(await open(INSPECTED));
  }
  return times;
}

/** Runs in each frame: says when a picture of that name has been decoded and the frame after it has begun. */
function reportPictures(names: readonly string[]): void {
  const told = new WeakSet<HTMLImageElement>();
  const look = () => {
    for (const picture of document.images) {
      const name = names.find((one) => picture.src.includes(one));
      // The inspector's small overview is the same file.
      if (!name || told.has(picture) || !picture.complete || picture.naturalWidth === 0 || picture.closest('.minimap')) continue;
      told.add(picture);
      const tell = () => (window as Window & { reportPicture?(name: string, at: number): void }).reportPicture?.(name, Date.now());
      void picture.decode().then(() => requestAnimationFrame(() => setTimeout(tell, 0)));
    }
    setTimeout(look, 4);
  };
  look();
}

function report({ preview, inspector }: Record<'preview' | 'inspector', number[]>): void {
  printTable([
    ['a photo of 24 megapixels on its side, from the double click to the picture', 'first ms', 'median ms', 'quickest ms'],
    ...Object.entries({ "VS Code's own preview": preview, 'the inspector': inspector }).map(([name, times]) => [
      name,
      times[0] ?? Number.NaN,
      median(times),
      Math.min(...times),
    ]),
  ]);
  printGoal("First picture of 24 megapixels against VS Code's own preview", median(inspector) / median(preview), 1.5, 'x');
}

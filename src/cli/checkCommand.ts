import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { recordOf } from '../core/base/shape.ts';
import { shortAltText, type TextEdit, withEdits, writeAlt } from '../core/documents/altEdit.ts';
import { altProblems } from '../core/documents/altProblems.ts';
import { documentKind } from '../core/documents/documentKind.ts';
import { findImages } from '../core/documents/findImages.ts';
import type { DocumentImages, ImageUse } from '../core/documents/imageUse.ts';
import { wordsAround } from '../core/documents/wordsAround.ts';
import { writeWhole } from '../engine/files/wholeFile.ts';
import { Job } from '../engine/sending/job.ts';
import { type CheckCommand, UsageError } from './cliArguments.ts';
import { ExitCode } from './exitCode.ts';
import type { Program } from './program.ts';
import type { Terminal } from './terminal.ts';

/** Folders that no document of a project lies in. */
const LEFT_OUT = new Set(['node_modules', '.git']);
/** Where sites keep what a path with a slash in front means, below the folder that is worked in. */
const SITE_FOLDERS = ['.', 'public', 'static', 'src'];

/** A document with images that lack alternative text. */
interface Lacking {
  path: string;
  text: string;
  found: DocumentImages;
  missing: ImageUse[];
}

/** Lists the images without alternative text, without any request. Resolves to the code with which the process ends: 1 where there are some. */
export async function listMissing({ files, format }: CheckCommand, terminal: Terminal): Promise<number> {
  const { lacking, unread } = await lackingAt(files, terminal);
  terminal.result(format === 'sarif' ? `${JSON.stringify(sarif(lacking), undefined, 2)}\n` : lines(lacking));
  return lacking.length === 0 && unread === 0 ? ExitCode.done : ExitCode.failed;
}

/** Writes alternative text wherever it is missing; what is in the cache is not asked for again. */
export async function writeMissing(command: CheckCommand, program: Program, terminal: Terminal, cancelled: AbortSignal): Promise<number> {
  const { lacking, unread } = await lackingAt(command.files, terminal);
  const cache = await AltCache.read(command.cache);
  const count = lacking.reduce((sum, { missing }) => sum + missing.length, 0);
  if (count === 0) return unread === 0 ? ExitCode.done : ExitCode.failed;
  const question = `Send the images of ${count} places, and up to 1000 characters of the words around each, to ${program.destination}?`;
  if (!command.yes && !(terminal.isInteractive && (await terminal.confirm(question)))) {
    terminal.say('Not sent. Confirm with --yes.');
    return ExitCode.notSent;
  }
  const job = new Job(count, 1, true);
  cancelled.addEventListener('abort', () => job.cancel(), { once: true });
  let failures = 0;
  let changed = 0;
  for (const { path, text, found, missing } of lacking) {
    const edits: TextEdit[] = [];
    const keepsWords = await program.rules.isExcluded(pathToFileURL(path).href);
    for (const use of missing) {
      if (cancelled.aborted) break;
      try {
        const image = await imageOf(use, path);
        const words = keepsWords ? { before: '', behind: '' } : wordsAround(text, found, use);
        const altText = { ...words, language: found.language ?? '' };
        const key = await keyOf(image, [altText, command.model]);
        const said = cache.get(key) ?? shortAltText((await program.run(altCall(image, altText, command.model), job)).text ?? '');
        if (said === '') throw new Error('The answer is empty.');
        cache.set(key, said);
        edits.push(...[writeAlt(use, said)].filter((edit) => edit !== undefined));
      } catch (error) {
        failures += 1;
        if (!cancelled.aborted) terminal.fail(error, `${path}: ${use.source ?? 'an image given by code'}`);
      }
    }
    if (edits.length > 0) await writeWhole(path, withEdits(text, edits));
    changed += edits.length;
    await cache.write();
  }
  terminal.say(`${changed} of ${count} places written`);
  if (cancelled.aborted) return ExitCode.interrupted;
  return failures === 0 && unread === 0 ? ExitCode.done : ExitCode.failed;
}

function altCall(image: string, altText: { before: string; behind: string; language: string }, model: string | undefined) {
  const options = { altText, pointInAnswers: false, ...(model === undefined ? {} : { model }) };
  return { task: 'caption' as const, images: [pathToFileURL(image).href] as const, query: '', options };
}

/** What was written before, by image and context. */
class AltCache {
  readonly #path: string | undefined;
  readonly #texts: Map<string, string>;
  #isChanged = false;

  private constructor(path: string | undefined, texts: Map<string, string>) {
    this.#path = path;
    this.#texts = texts;
  }

  static async read(path: string | undefined): Promise<AltCache> {
    const text = path === undefined ? '' : await readFile(path, 'utf8').catch(() => '');
    if (text.trim() === '') return new AltCache(path, new Map());
    let kept: unknown;
    try {
      kept = JSON.parse(text);
    } catch {
      throw new UsageError(`"${path}" is no cache of this program.`);
    }
    return new AltCache(
      path,
      new Map(Object.entries(recordOf(kept)).filter((entry): entry is [string, string] => typeof entry[1] === 'string')),
    );
  }

  get(key: string): string | undefined {
    return this.#texts.get(key);
  }

  set(key: string, text: string): void {
    if (this.#texts.get(key) === text) return;
    this.#texts.set(key, text);
    this.#isChanged = true;
  }

  /** In the order of the keys, so that it can be committed. */
  async write(): Promise<void> {
    if (this.#path === undefined || !this.#isChanged) return;
    const sorted = Object.fromEntries([...this.#texts].sort(([a], [b]) => (a < b ? -1 : 1)));
    await writeWhole(resolve(this.#path), `${JSON.stringify(sorted, undefined, 2)}\n`);
    this.#isChanged = false;
  }
}

async function keyOf(image: string, context: unknown): Promise<string> {
  const hash = createHash('sha256').update(await readFile(image));
  return hash.update(JSON.stringify(context)).digest('hex');
}

/** The file of an image. Rejects where it is not there. */
async function imageOf({ source }: ImageUse, document: string): Promise<string> {
  const [written = ''] = source?.split(/[?#]/, 1) ?? [];
  if (written === '' || written.startsWith('//') || /^[a-z][a-z0-9+.-]*:/i.test(written)) throw new Error('The image is not a file.');
  const path = decodeURI(written);
  const candidates = path.startsWith('/') ? SITE_FOLDERS.map((folder) => join(folder, path)) : [resolve(dirname(document), path)];
  for (const candidate of candidates) {
    const info = await stat(candidate).catch(() => undefined);
    if (info?.isFile()) return realpath(candidate);
  }
  throw new Error('The file of the image cannot be found.');
}

/** Tells of parts that could not be read, and counts them: a check that left something out has not passed. */
async function lackingAt(files: readonly string[], terminal: Terminal): Promise<{ lacking: Lacking[]; unread: number }> {
  let unread = 0;
  const lacking: Lacking[] = [];
  for (const path of await documentsAt(files)) {
    const kind = documentKind(path);
    if (kind === undefined) continue;
    const text = await readFile(path, 'utf8');
    const found = await findImages(text, kind);
    const { tooLong = 0 } = found;
    unread += tooLong;
    if (tooLong > 0)
      terminal.say(
        `${path}: ${tooLong === 1 ? '1 part of this document is' : `${tooLong} parts of this document are`} too long to be read.`,
      );
    const missing = altProblems(found.images, 'missing').map(({ use }) => use);
    if (missing.length > 0) lacking.push({ path, text, found, missing });
  }
  return { lacking, unread };
}

async function documentsAt(files: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const file of files) {
    const path = await realpath(resolve(file)).catch(() => {
      throw new UsageError(`There is no file or folder "${file}".`);
    });
    if ((await stat(path)).isDirectory()) await addBelow(path, found);
    else found.push(path);
  }
  return [...new Set(found)];
}

/** Links are not followed. */
async function addBelow(folder: string, found: string[]): Promise<void> {
  const entries = (await readdir(folder, { withFileTypes: true })).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !LEFT_OUT.has(entry.name)) await addBelow(path, found);
    else if (entry.isFile() && documentKind(path) !== undefined) found.push(path);
  }
}

function lines(lacking: readonly Lacking[]): string {
  return lacking
    .flatMap(({ path, text, missing }) =>
      missing.map((use) => {
        const { line, column } = placeAt(text, use.span.start);
        return `${relative('.', path)}:${line}:${column}: no alt text: ${use.source ?? 'an image given by code'}\n`;
      }),
    )
    .join('');
}

/** Counted from 1, in UTF-16 units. */
function placeAt(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

/** Source: SARIF 2.1.0. */
function sarif(lacking: readonly Lacking[]): object {
  const results = lacking.flatMap(({ path, text, missing }) =>
    missing.map((use) => {
      const start = placeAt(text, use.span.start);
      const end = placeAt(text, use.span.end);
      const region = { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
      const uri = relative('.', path).split(sep).map(encodeURIComponent).join('/');
      return {
        ruleId: 'alt-missing',
        level: 'warning',
        message: { text: `The image ${use.source ?? 'that code gives'} has no alt text.` },
        locations: [{ physicalLocation: { artifactLocation: { uri }, region } }],
      };
    }),
  );
  const rules = [{ id: 'alt-missing', shortDescription: { text: 'An image has no alternative text.' } }];
  const run = { tool: { driver: { name: 'Image Inspector for Gemini', rules } }, columnKind: 'utf16CodeUnits', results };
  return { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] };
}

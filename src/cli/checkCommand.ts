import { chmod, stat } from 'node:fs/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { shortAltText, type TextEdit, withEdits, writeAlt } from '../core/documents/altEdit.ts';
import { answerKey } from '../core/documents/answerKey.ts';
import { languageName } from '../core/documents/languageName.ts';
import { wordsAround } from '../core/documents/wordsAround.ts';
import type { AltTextPlace } from '../core/request/prompts.ts';
import type { SetCall } from '../core/sets/inspectionSet.ts';
import { writeWhole } from '../engine/files/wholeFile.ts';
import type { OpenSet } from '../engine/sets/openSet.ts';
import { AltCache } from './altCache.ts';
import { type CheckedDocuments, checkDocuments, imageAddress, type Lacking, readDocument } from './altDocuments.ts';
import { altReport, altSummary, shownPath } from './altReport.ts';
import type { CheckCommand } from './cliArguments.ts';
import { ExitCode } from './exitCode.ts';
import type { Program } from './program.ts';
import type { Roots } from './roots.ts';
import { runSet } from './setCommand.ts';
import type { Terminal } from './terminal.ts';

/** What writing takes. */
export interface Writing {
  program: Program;
  roots: Roots;
  terminal: Terminal;
  interrupted: AbortSignal;
  hasKey: boolean;
}

/** An image and a language, in which it is described once, however often it is used. */
interface Wanted {
  uri: string;
  altText: AltTextPlace;
  /** In the cache, if there is one. */
  key: string | undefined;
}

/** Lists the images without alternative text, without any request. Resolves to the code with which the process ends: 1 where there are some. */
export async function listMissing({ files, format }: CheckCommand, roots: Roots, terminal: Terminal): Promise<number> {
  const checked = await checkDocuments(files, roots);
  report(checked, format, terminal);
  return checked.lacking.length === 0 && checked.unread.length === 0 ? ExitCode.done : ExitCode.failed;
}

function report(checked: CheckedDocuments, format: CheckCommand['format'], terminal: Terminal): void {
  for (const { path, why } of checked.unread) terminal.say(`${shownPath(path)}: ${why}`);
  terminal.result(altReport(checked, format));
  terminal.say(altSummary(checked));
}

/** Writes alternative text wherever it is missing, as a set: what is in the cache is not asked for again. What is left is reported. */
export async function writeMissing(command: CheckCommand, writing: Writing): Promise<number> {
  const { program, roots, terminal, interrupted, hasKey } = writing;
  const checked = await checkDocuments(command.files, roots);
  const cache = await AltCache.read(command.cache);
  const { wanted, failures } = await wantedOf(checked.lacking, { command, writing, cache });
  const texts = new Map<string, string>();
  const open: Wanted[] = [];
  for (const [answer, one] of wanted) {
    const text = cache.get(one.key);
    // Written into a document, it would say that the image means nothing.
    const isEmpty = text?.trim() === '';
    if (isEmpty) terminal.say(`${shownPath(fileURLToPath(one.uri))}: The text in the cache is empty. It is asked for again.`);
    if (text === undefined || isEmpty) open.push(one);
    else texts.set(answer, text);
  }
  const finish = async () => {
    await cache.write();
    const written = await writeTexts(checked.lacking, texts, writing);
    if (checked.lacking.length > 0) terminal.say(`Alt text written: ${written}`);
    const left = await checkDocuments(command.files, roots);
    report(left, command.format, terminal);
    return failures === 0 && left.lacking.length === 0 && left.unread.length === 0 ? ExitCode.done : ExitCode.failed;
  };
  if (open.length === 0) return finish();
  if (!hasKey) {
    terminal.say('noApiKey: There is no key in GEMINI_API_KEY. Nothing was sent.');
    return ExitCode.notSent;
  }
  const { yes, maxUsd, model } = command;
  const call: SetCall = {
    uris: checked.lacking.map(({ path }) => pathToFileURL(path).href),
    altTexts: open.map(({ uri, altText }) => ({ uri, altText })),
    task: 'caption',
    query: 'Alt text',
    onlyNew: false,
    ...(model === undefined ? {} : { model }),
  };
  return runSet(call, { yes, maxUsd, speed: 'standard' }, { program, terminal, interrupted }, async (set) => {
    await take(set, { wanted, texts, cache, terminal });
    return finish();
  });
}

/** What is to be described, by image and language; with the words around its first place. An image that cannot be found is said. */
async function wantedOf(
  lacking: readonly Lacking[],
  { command: { model }, writing: { roots, terminal }, cache }: { command: CheckCommand; writing: Writing; cache: AltCache },
) {
  const wanted = new Map<string, Wanted>();
  let failures = 0;
  for (const { path, text, found, missing } of lacking) {
    for (const use of missing) {
      try {
        const uri = await imageAddress(use, path, roots);
        const language = languageName(found.language);
        const answer = answerKey(uri, language);
        if (wanted.has(answer)) continue;
        const altText = { ...wordsAround(text, found, use), language };
        wanted.set(answer, { uri, altText, key: await cache.keyOf(fileURLToPath(uri), [altText, model]) });
      } catch (error) {
        failures += 1;
        terminal.fail(error, `${shownPath(path)}: ${use.source ?? 'an image given by code'}`);
      }
    }
  }
  return { wanted, failures };
}

/** Takes the texts of a set over, and says what failed. */
async function take(
  set: OpenSet,
  {
    wanted,
    texts,
    cache,
    terminal,
  }: { wanted: ReadonlyMap<string, Wanted>; texts: Map<string, string>; cache: AltCache; terminal: Terminal },
): Promise<void> {
  for await (const { uri, altText, inspection, state, reason = 'server', message = '' } of set.lines()) {
    const answer = answerKey(uri, altText?.language ?? '');
    const text = state === 'done' ? shortAltText(inspection?.text ?? '') : '';
    if (text === '') {
      const why = state === 'done' ? 'The answer is empty.' : `${reason}: ${message}`;
      terminal.say(`${shownPath(fileURLToPath(uri))}: ${why}`);
      continue;
    }
    texts.set(answer, text);
    cache.set(wanted.get(answer)?.key, text);
  }
}

/** Writes texts into documents as they are by now; nothing but the alternative text changes. Resolves to the number of places. */
async function writeTexts(lacking: readonly Lacking[], texts: ReadonlyMap<string, string>, { roots }: Writing): Promise<number> {
  let count = 0;
  for (const { path } of lacking) {
    const now = await readDocument(path);
    if ('why' in now) continue;
    const edits: TextEdit[] = [];
    for (const use of now.missing) {
      const uri = await imageAddress(use, path, roots).catch(() => '');
      const words = texts.get(answerKey(uri, languageName(now.found.language)));
      const edit = words === undefined ? undefined : writeAlt(use, words);
      if (edit !== undefined) edits.push(edit);
    }
    if (edits.length > 0) {
      const { mode } = await stat(path);
      await writeWhole(path, withEdits(now.text, edits));
      await chmod(path, mode);
    }
    count += edits.length;
  }
  return count;
}

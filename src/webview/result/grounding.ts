import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import { groundPhrases, type Phrase } from '../../core/reply/groundPhrases.ts';

/** The run whose objects an answer may name: its own if it has some, else the newest with objects of the same image. Undefined if there is none. */
export function groundingOf(runs: readonly Inspection[], run: Inspection | undefined): Inspection | undefined {
  const speaks = run?.task === 'ask' || run?.task === 'caption' || run?.task === 'compare';
  if (!speaks) return undefined;
  const sha256 = run.images[0]?.sha256;
  const newest = () =>
    runs.findLast(
      ({ task, detections, images }) =>
        // Lines of text name nothing.
        task !== 'readText' && detections?.length && images.length === 1 && images[0]?.sha256 === sha256,
    );
  return run.detections?.length ? run : newest();
}

const known = new WeakMap<readonly Detection[], Map<string, Phrase[]>>();

/** The phrases of a text that name objects of a run; worked out once for each text. */
export function phrasesOf(text: string, { detections = [] }: Pick<Inspection, 'detections'>): Phrase[] {
  const texts = known.get(detections) ?? new Map<string, Phrase[]>();
  known.set(detections, texts);
  const phrases = texts.get(text) ?? groundPhrases(text, detections);
  texts.set(text, phrases);
  return phrases;
}

/** The objects that one of the texts names. */
export function groundedIn(texts: readonly string[], run: Pick<Inspection, 'detections'>): Detection[] {
  const ids = new Set(texts.flatMap((text) => phrasesOf(text, run)).flatMap((phrase) => phrase.ids));
  return (run.detections ?? []).filter(({ id }) => ids.has(id));
}

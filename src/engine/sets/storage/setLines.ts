import type { SetLine } from '../../../core/sets/inspectionSet.ts';
import { asAnswered, type SetImage } from '../../../core/sets/journal.ts';
import type { SetFiles } from './setFiles.ts';

/** The line of an image, read from the set's file: with what a person has made of its answer. `takesAnswer`: with the answer in any case. */
export async function readLineOf(files: SetFiles, image: SetImage, takesAnswer = false): Promise<SetLine> {
  const { review, corrected } = image;
  const { at, length } = (takesAnswer ? undefined : corrected) ?? image;
  const line = at === undefined || length === undefined ? undefined : await files.readLine({ at, length });
  return {
    ...lineWithoutResult(takesAnswer ? asAnswered(image) : image),
    ...(line?.inspection === undefined ? {} : { inspection: line.inspection }),
    ...(review === undefined ? {} : { review }),
  };
}

/** The line of an image without its result. */
export function lineWithoutResult({ key, uri, sha256 = '', state, reason, message, altText }: SetImage): SetLine {
  return {
    key,
    uri,
    sha256,
    state: state === 'done' || state === 'failed' || state === 'skipped' ? state : 'cancelled',
    ...(reason === undefined || state === 'done' ? {} : { reason }),
    ...(message === undefined || state === 'done' ? {} : { message }),
    ...(altText === undefined ? {} : { altText }),
  };
}

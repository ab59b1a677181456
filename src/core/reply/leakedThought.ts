const BEFORE = /^[\s\u200b-\u200d\u2060\ufeff]*/;
const TAG = /^<(think|thinking|thought)>/i;
/** Blanks that may come before it: more are no thought. */
const MOST_BLANKS = 1000;
/** The longest opening tag. */
const TAG_LENGTH = 10;
/** A thought that has not ended after so many characters is taken for the answer. */
const LONGEST_THOUGHT = 200_000;

/**
 * Where the answer starts in a reply that may begin with its thoughts as `<think>…</think>`, in characters.
 * Undefined: the text so far does not say; with `isWhole` there is always an answer.
 */
export function answerStart(text: string, isWhole: boolean): number | undefined {
  const start = BEFORE.exec(text.slice(0, MOST_BLANKS))?.[0].length ?? 0;
  if (start === MOST_BLANKS) {
    return 0;
  }
  const opening = text.slice(start, start + TAG_LENGTH);
  const tag = TAG.exec(opening);
  if (!tag) {
    const mayBecomeTag = ['<think>', '<thinking>', '<thought>'].some((name) => name.startsWith(opening.toLowerCase()));
    return isWhole || !mayBecomeTag ? 0 : undefined;
  }
  const closing = `</${tag[1]?.toLowerCase()}>`;
  const end = text.slice(0, LONGEST_THOUGHT).toLowerCase().indexOf(closing);
  if (end >= 0) {
    return end + closing.length;
  }
  return isWhole || text.length >= LONGEST_THOUGHT ? 0 : undefined;
}

/** Characters to take away: one of a text, or one that a pattern for a single character fits. */
type Characters = string | RegExp;

/**
 * The text without those of the characters that it ends with. A regular expression for the end of a text begins anew at each place where it might
 * be, which takes quadratic time on long runs of such characters.
 */
export function withoutEnd(text: string, characters: Characters): string {
  let end = text.length;
  while (end > 0 && isAmong(text[end - 1] as string, characters)) end--;
  return text.slice(0, end);
}

/** The text without those of the characters that it begins with. */
export function withoutStart(text: string, characters: Characters): string {
  let start = 0;
  while (start < text.length && isAmong(text[start] as string, characters)) start++;
  return text.slice(start);
}

function isAmong(character: string, characters: Characters): boolean {
  return typeof characters === 'string' ? characters.includes(character) : characters.test(character);
}

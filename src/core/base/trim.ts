/**
 * The text without those of the characters that it ends with. A regular expression for the end of a text begins anew at each place where it might
 * be, which takes quadratic time on long runs of such characters.
 */
export function withoutEnd(text: string, characters: string): string {
  let end = text.length;
  while (end > 0 && characters.includes(text[end - 1] as string)) end--;
  return text.slice(0, end);
}

/** The text without those of the characters that it begins with. */
export function withoutStart(text: string, characters: string): string {
  let start = 0;
  while (start < text.length && characters.includes(text[start] as string)) start++;
  return text.slice(start);
}

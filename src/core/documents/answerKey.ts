/** What one answer serves: an image in a language, in whatever place. */
export function answerKey(image: string, language: string): string {
  return `${language} ${image}`;
}

/** The name of a language by its tag: in English, as prompts are; empty where there is none, or it is not known. */
export function languageName(tag: string | undefined): string {
  if (tag === undefined) return '';
  try {
    return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? '';
  } catch {
    return '';
  }
}

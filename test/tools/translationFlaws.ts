/** What a program, a link or a key depends on, and a translation therefore has as often as the English text, in any order. */
const KEPT: Readonly<Record<string, RegExp>> = {
  placeholders: /\{\d+\}/g,
  code: /`[^`]*`/g,
  links: /\]\([^)]*\)/g,
  addresses: /https?:\/\/[\w./-]*/g,
  'environment variables': /\b[A-Z]+(?:_[A-Z]+)+\b/g,
  keys: /(?<=\()(?:[A-Z0+-]|Enter|Esc|Delete)(?=\))/g,
  'line breaks': /\n/g,
};
const ENDS: Readonly<Record<string, RegExp>> = { '…': /…$/, '.': /[.。]$/, '?': /[?？]$/, ':': /[:：]$/ };

/** What is wrong with a translation, as far as a program can tell; the empty list if nothing is. */
export function translationFlaws(english: string, translation: string): string[] {
  const flaws: string[] = [];
  if (translation === '') flaws.push('empty');
  if (translation.trim() !== translation && english.trim() === english) flaws.push('spaces around it');
  if (/<[a-z/]/i.test(translation)) flaws.push('HTML');
  for (const [name, pattern] of Object.entries(KEPT)) {
    const [before, after] = [english, translation].map((text) => (text.match(pattern) ?? []).sort().join(' '));
    if (before !== after) flaws.push(`${name}: ${before || 'none'} became ${after || 'none'}`);
  }
  for (const [name, end] of Object.entries(ENDS)) {
    if (end.test(english) !== end.test(translation)) flaws.push(`${name} at the end`);
  }
  return flaws;
}

const MASK = '***';

/** A piece of the secret of so many characters is taken for the secret. */
const TELLING_LENGTH = 12;

/** Keys of Google's known forms, whoever's they are. */
const GOOGLE_KEY = /\bAIza[\w-]{20,}|\bAQ\.[\w-]{20,}/g;

/** The text with the secret taken out: whole, encoded for an address, or any piece of it of 12 characters or more; and anything else in the form of a Google key. */
export function redactSecret(text: string, secret: string): string {
  const known = [secret, encodeURIComponent(secret)].filter((form) => form !== '');
  const whole = known.reduce((rest, form) => rest.replaceAll(form, MASK), text).replace(GOOGLE_KEY, MASK);
  return withoutPieces(whole, secret);
}

function withoutPieces(text: string, secret: string): string {
  const pieces = new Set<string>();
  for (let i = 0; i + TELLING_LENGTH <= secret.length; i++) pieces.add(secret.slice(i, i + TELLING_LENGTH));
  let result = '';
  let kept = 0;
  for (let i = 0; i + TELLING_LENGTH <= text.length; i++) {
    if (!pieces.has(text.slice(i, i + TELLING_LENGTH))) continue;
    let end = i + TELLING_LENGTH;
    while (pieces.has(text.slice(end - TELLING_LENGTH + 1, end + 1))) end++;
    result += text.slice(kept, i) + MASK;
    kept = end;
    i = end - 1;
  }
  return result + text.slice(kept);
}

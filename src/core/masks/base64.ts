/** Value of each base64 digit by character code, both alphabets; 255: no digit. */
const DIGITS = new Uint8Array(128).fill(255);
for (const [index, char] of [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'].entries()) {
  DIGITS[char.charCodeAt(0)] = index;
}
DIGITS['-'.charCodeAt(0)] = 62;
DIGITS['_'.charCodeAt(0)] = 63;

/**
 * The bytes of base64 text, of the usual or the URL-safe alphabet, with or without padding. No white space.
 * @throws RangeError if the text is no base64.
 */
export function decodeBase64(text: string): Uint8Array {
  let length = text.length;
  while (length > 0 && text[length - 1] === '=') {
    length--;
  }
  if (length % 4 === 1 || text.length - length > 2) {
    throw new RangeError('The length is not one of base64.');
  }
  const bytes = new Uint8Array(Math.floor((length * 3) / 4));
  let bits = 0;
  let value = 0;
  let at = 0;
  for (let i = 0; i < length; i++) {
    const digit = DIGITS[text.charCodeAt(i)] ?? 255;
    if (digit === 255) {
      throw new RangeError('A character is not one of base64.');
    }
    value = ((value << 6) | digit) & 0xffffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = value >> bits;
    }
  }
  return bytes;
}

const CHARACTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** Bytes as base64 of the usual alphabet, with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const value = ((bytes[at] ?? 0) << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    for (const [digit, shift] of [18, 12, 6, 0].entries())
      text += at + digit > bytes.length ? '=' : (CHARACTERS[(value >> shift) & 63] as string);
  }
  return text;
}

/** A seeded source of numbers from 0 to below 1, always the same for a seed (mulberry32). */
export function pseudoRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const HOSTILE = [
  '"',
  "'",
  '\\',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '[[[[',
  '}}}',
  '{"',
  '"}',
  '{{',
  ']]',
  '\n',
  '\u0000',
  '\u200b',
  '\ufeff',
  '//',
  '/*',
  '*/',
  '```',
  '```json\n',
  'null',
  'NaN',
  'None',
  '-',
  '1e999',
  '-0',
  '{"box_2d":',
  '"label":',
  '"mask":"',
  'data:image/png;base64,iVBORw0KGgo',
  '<start_of_mask><seg_1>',
  '<think>',
  '</think>',
  'thought\n',
  '“',
  '\ud83d',
  '{"error":{"code":400}}',
  '[0, 1000)',
  '"box_2d":[1,2,3]',
  '__proto__',
  '[]',
  '{}',
];

/** The reply after one to four accidents: cut, flipped, deleted, doubled or replaced parts, pieces of another reply, hostile tokens. */
export function mutateReply(reply: string, other: string, random: () => number): string {
  let text = reply;
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) {
    text = accident(text, other, random);
  }
  return text;
}

function accident(text: string, other: string, random: () => number): string {
  const at = Math.floor(random() * (text.length + 1));
  const end = Math.min(text.length, at + Math.floor(random() ** 3 * 80));
  switch (Math.floor(random() * 7)) {
    case 0:
      return text.slice(0, at);
    case 1:
      return text.slice(0, at) + String.fromCharCode(32 + Math.floor(random() * 95)) + text.slice(at + 1);
    case 2:
      return text.slice(0, at) + text.slice(end);
    case 3:
      return text.slice(0, end) + text.slice(at);
    case 4: {
      const from = Math.floor(random() * other.length);
      return text.slice(0, at) + other.slice(from, from + Math.floor(random() * 120)) + text.slice(end);
    }
    case 5:
      return text.slice(at) + text.slice(0, at);
    default:
      return text.slice(0, at) + (HOSTILE[Math.floor(random() * HOSTILE.length)] ?? '') + text.slice(at);
  }
}

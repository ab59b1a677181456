/** Longer replies are no empty list, whatever they are. */
const LONGEST_EMPTY = 10_000;
const EDGES = /^[\s\u200b-\u200d\u2060\ufeff]+/;

/** The reply without blank edges and without the fence around the whole of it. */
export function unfenced(reply: string): string {
  const text = reply.replace(EDGES, '').trimEnd();
  if (!text.startsWith('```') || !text.endsWith('```')) {
    return text;
  }
  const inside = text.slice(3, -3);
  return inside.replace(/^[\w-]*/, '').trim();
}

/** True if the whole reply is an empty list, or a wrapper around nothing but empty lists. */
export function isEmptyList(reply: string): boolean {
  if (reply.length > LONGEST_EMPTY) {
    return false;
  }
  try {
    const lists = { count: 0 };
    return holdsNothing(JSON.parse(unfenced(reply)), lists) && lists.count > 0;
  } catch {
    return false;
  }
}

/** True if the value is made of empty lists, and of numbers and the like beside them. Words may say something and are not nothing. */
function holdsNothing(value: unknown, lists: { count: number }): boolean {
  if (Array.isArray(value)) {
    lists.count++;
    return value.every((element) => Array.isArray(element) && holdsNothing(element, lists));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.values(value).every((element) => holdsNothing(element, lists));
  }
  return typeof value !== 'string';
}

/** The text inside a reply that is one JSON string, as when JSON was written as JSON once more. */
export function innerText(reply: string): string | undefined {
  const text = unfenced(reply);
  if (!text.startsWith('"') || !text.endsWith('"')) {
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

import { withoutEnd, withoutStart } from './trim.ts';

/** What no file system or shell takes kindly, half a character included. */
const FORBIDDEN = /[<>:"/\\|?*\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** What cannot be seen. The joiners of scripts and emoji are kept. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;

/** Names of devices on Windows, also with an ending. */
const RESERVED = /^(?:con|prn|aux|nul|com[\d¹²³]|lpt[\d¹²³]|conin\$|conout\$)(?=\.|$)/i;

/** File systems take 255 bytes; endings and numbers come on top. */
const MOST_BYTES = 120;

/**
 * Untrusted text as part of a file name on every system: any script, no separators, no name of a device, no dot or space at either end, at most
 * 120 bytes of UTF-8. Never empty.
 */
export function safeName(text: string, empty = 'object'): string {
  const clean = text.normalize('NFC').replace(FORBIDDEN, '_').replace(INVISIBLE, '').replace(/\s+/g, ' ');
  const name = trimmed(shortened(trimmed(clean)));
  if (name === '') return empty;
  return RESERVED.test(name) ? `_${name}` : name;
}

/** Neither hidden (a dot in front) nor changed by Windows (a dot or space behind); no joiner without what it joins. */
function trimmed(text: string): string {
  return withoutEnd(withoutStart(text, /[\s.]/), /[\s.\u200c\u200d]/);
}

function shortened(text: string): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > MOST_BYTES) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** The names made distinct by `_2`, `_3` …, also for file systems that do not tell capital letters from small ones. */
export function distinct(names: readonly string[]): string[] {
  const taken = new Set<string>();
  /** By name, from where to look for a free number. */
  const next = new Map<string, number>();
  return names.map((name) => {
    let free = name;
    for (let number = next.get(folded(name)) ?? 2; taken.has(folded(free)); number++) {
      free = `${name}_${number}`;
      next.set(folded(name), number + 1);
    }
    taken.add(folded(free));
    return free;
  });
}

function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

/** A file name without its ending. */
export function withoutExtension(name: string): string {
  return name.replace(/(?<=.)\.[^.]*$/, '');
}

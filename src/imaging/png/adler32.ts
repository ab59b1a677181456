/** Largest prime below 65,536: Adler-32 counts in its remainders (RFC 1950). */
const ADLER = 65_521;
/** Bytes whose sums fit into 31 bits before a remainder has to be taken: beyond that the engine counts in fractions, at half the speed. */
const ADLER_RUN = 3800;

/** Bytes of which only this is known: their Adler-32, and how many they are. */
export interface Checked {
  adler: number;
  length: number;
}

/** The Adler-32 of bytes. */
export function adler32(bytes: Uint8Array): number {
  let [low, high] = [1, 0];
  for (let start = 0; start < bytes.length; start += ADLER_RUN) {
    const end = Math.min(bytes.length, start + ADLER_RUN);
    for (let at = start; at < end; at++) {
      low = (low + (bytes[at] as number)) | 0;
      high = (high + low) | 0;
    }
    low %= ADLER;
    high %= ADLER;
  }
  return high * 65_536 + low;
}

/** The Adler-32 of bytes behind others. */
export function joinedAdler(adler: number, behind: Checked): number {
  const [low, high] = [adler % 65_536, Math.floor(adler / 65_536)];
  const [behindLow, behindHigh] = [behind.adler % 65_536, Math.floor(behind.adler / 65_536)];
  const newLow = (low + behindLow + ADLER - 1) % ADLER;
  const newHigh = (high + behindHigh + (behind.length % ADLER) * (low + ADLER - 1)) % ADLER;
  return newHigh * 65_536 + newLow;
}

/** Values that headers are wrong about most: none, all, the largest with a sign, one. */
const EXTREMES = [0, 0xff, 0x7f, 0x80, 1];
/** Most accidents happen here, in bytes: it is where headers are. */
const BEGINNING = 400;

/** The picture after one to four accidents: cut, flipped, deleted, doubled or extreme bytes, and pieces of another picture. */
export function mutatePicture(picture: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  let bytes = picture;
  const times = 1 + Math.floor(random() * 4);
  for (let i = 0; i < times; i++) bytes = accident(bytes, other, random);
  return bytes;
}

function accident(bytes: Uint8Array, other: Uint8Array, random: () => number): Uint8Array {
  const within = random() < 0.7 ? Math.min(bytes.length, BEGINNING) : bytes.length;
  const at = Math.floor(random() * within);
  const end = Math.min(bytes.length, at + 1 + Math.floor(random() ** 3 * 64));
  switch (Math.floor(random() * 8)) {
    case 0:
      return bytes.slice(0, Math.floor(random() * (bytes.length + 1)));
    case 1:
      return changed(bytes, at, [(bytes[at] ?? 0) ^ (1 << Math.floor(random() * 8))]);
    case 2:
      return changed(bytes, at, [Math.floor(random() * 256)]);
    case 3: {
      const width = [1, 2, 4][Math.floor(random() * 3)] ?? 1;
      return changed(bytes, at, new Array<number>(width).fill(EXTREMES[Math.floor(random() * EXTREMES.length)] ?? 0));
    }
    case 4:
      return joined(bytes.subarray(0, at), bytes.subarray(end));
    case 5:
      return joined(bytes.subarray(0, end), bytes.subarray(at));
    case 6: {
      const from = Math.floor(random() * other.length);
      return joined(bytes.subarray(0, at), other.subarray(from, from + Math.floor(random() * 64)), bytes.subarray(end));
    }
    default: {
      // Two pieces of the same size change places, as chunks and boxes might.
      const size = Math.min(16, Math.floor(bytes.length / 2));
      const to = Math.floor(random() * Math.max(1, bytes.length - size));
      const first = bytes.slice(at, at + size);
      return changed(changed(bytes, at, bytes.slice(to, to + size)), to, first);
    }
  }
}

function changed(bytes: Uint8Array, at: number, values: ArrayLike<number>): Uint8Array {
  const copy = bytes.slice();
  for (let i = 0; i < values.length && at + i < copy.length; i++) copy[at + i] = values[i] as number;
  return copy;
}

function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}

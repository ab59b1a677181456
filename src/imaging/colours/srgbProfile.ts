/** Where the signatures stand of what a profile's colours are, and how they are connected to others, in its header (ICC.1:2022, table 17). */
const COLOR_SPACE = 16;
const CONNECTION_SPACE = 20;
const HEADER = 128;
/** An entry of the table of tags behind it: signature, offset, size. */
const ENTRY = 12;
const MOST_TAGS = 100;
/** Tables for whole colors, which then count in place of curves and primaries. */
const TABLES = ['A2B0', 'A2B1', 'A2B2', 'D2B0', 'D2B1', 'D2B2', 'D2B3'];
const CHANNELS = ['r', 'g', 'b'] as const;

/** From XYZ under D50 to the light of sRGB's primaries (IEC 61966-2-1, adapted by Bradford); a row for each of red, green and blue. */
const FROM_XYZ = [
  [3.1338561, -1.6168667, -0.4906146],
  [-0.9787684, 1.9161415, 0.033454],
  [0.0719453, -0.2289914, 1.4052427],
] as const;
/** How much of a primary may be missing, and how much light of the others may be in it: at most a level of 8 bits, where that is darkest. */
const MOST_LIGHT_OFF = { own: 0.002, others: 0.0003 };
/** Of curves, in levels of 8 bits: half a step at most is lost by rounding. */
const MOST_LEVELS_OFF = 0.5;

/**
 * Whether an ICC profile means what an image without one means, so that its pixels can be taken as they are: primaries and curves are those of sRGB, within
 * what 8 bits can tell. A damaged profile, or one of another kind, does not.
 */
export function isSrgb(profile: Uint8Array): boolean {
  try {
    const view = new DataView(profile.buffer, profile.byteOffset, profile.byteLength);
    if (signature(view, COLOR_SPACE) !== 'RGB ' || signature(view, CONNECTION_SPACE) !== 'XYZ ') return false;
    const tags = tagsOf(view);
    if (TABLES.some((name) => tags.has(name))) return false;
    return hasPrimaries(tags) && CHANNELS.every((channel) => isCurve(tagOf(tags, `${channel}TRC`)));
  } catch (error) {
    // It says that there is more than there is.
    if (error instanceof RangeError) return false;
    throw error;
  }
}

function tagsOf(view: DataView): Map<string, DataView> {
  const tags = new Map<string, DataView>();
  const count = Math.min(MOST_TAGS, view.getUint32(HEADER));
  for (let index = 0; index < count; index++) {
    const at = HEADER + 4 + index * ENTRY;
    const [from, length] = [view.getUint32(at + 4), view.getUint32(at + 8)];
    if (from + length > view.byteLength) throw new RangeError('a tag that ends behind its profile');
    tags.set(signature(view, at), new DataView(view.buffer, view.byteOffset + from, length));
  }
  return tags;
}

/** XYZType: the signature, four empty bytes, three numbers. */
function hasPrimaries(tags: ReadonlyMap<string, DataView>): boolean {
  const primaries = CHANNELS.map((channel) => [8, 12, 16].map((at) => fixed(tagOf(tags, `${channel}XYZ`), at)));
  return FROM_XYZ.every((row, own) => {
    const light = primaries.map((xyz) => row.reduce((sum, factor, place) => sum + factor * (xyz[place] ?? 0), 0));
    const others = light.reduce((sum, one, at) => (at === own ? sum : sum + Math.abs(one)), 0);
    return Math.abs((light[own] ?? 0) - 1) <= MOST_LIGHT_OFF.own && others <= MOST_LIGHT_OFF.others;
  });
}

/** A tag that is missing is as short as can be. */
function tagOf(tags: ReadonlyMap<string, DataView>, name: string): DataView {
  return tags.get(name) ?? new DataView(new ArrayBuffer(0));
}

/** Whether a curve leads from each level to the light that sRGB means by it. */
function isCurve(tag: DataView): boolean {
  const lightOf = curveOf(tag);
  for (let level = 0; level < 256; level++) {
    if (!(Math.abs(255 * encoded(lightOf(level / 255)) - level) <= MOST_LEVELS_OFF)) return false;
  }
  return true;
}

/** curveType and parametricCurveType (sections 10.6 and 10.18), as far as they can be sRGB's; else one that is not. */
function curveOf(tag: DataView): (value: number) => number {
  const type = signature(tag, 0);
  const count = type === 'curv' ? tag.getUint32(8) : 0;
  if (count > 1)
    return (value) => {
      const place = Math.min(count - 2, Math.floor(value * (count - 1)));
      const [from, to] = [tag.getUint16(12 + 2 * place), tag.getUint16(14 + 2 * place)];
      return (from + (to - from) * (value * (count - 1) - place)) / 65535;
    };
  if (type === 'para' && tag.getUint16(8) === 3) {
    const [g, a, b, c, d] = [12, 16, 20, 24, 28].map((at) => fixed(tag, at)) as [number, number, number, number, number];
    return (value) => (value >= d ? (a * value + b) ** g : c * value);
  }
  return () => Number.NaN;
}

/** Light as sRGB writes it (IEC 61966-2-1). */
function encoded(light: number): number {
  return light <= 0.0031308 ? 12.92 * light : 1.055 * light ** (1 / 2.4) - 0.055;
}

/** s15Fixed16Number. */
function fixed(view: DataView, at: number): number {
  return view.getInt32(at) / 65536;
}

function signature(view: DataView, at: number): string {
  return String.fromCharCode(...[0, 1, 2, 3].map((place) => view.getUint8(at + place)));
}

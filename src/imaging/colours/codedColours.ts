/**
 * The colours of a picture by coding points of ITU-T H.273, brought to sRGB. High dynamic range is fitted into what a screen shows as Chromium does it: up to
 * paper white as it is, with half of the screen's light, and what is brighter more and more flattened.
 */

/** The meaning of coded colours by ITU-T H.273. */
export interface CodedColours {
  primaries: number;
  transfer: number;
}

/** Red, green, blue as xy chromaticities, all with the white of daylight (H.273, table 2). */
const PRIMARIES: Readonly<Record<number, readonly (readonly [x: number, y: number])[]>> = {
  1: [
    [0.64, 0.33],
    [0.3, 0.6],
    [0.15, 0.06],
  ],
  5: [
    [0.64, 0.33],
    [0.29, 0.6],
    [0.15, 0.06],
  ],
  6: [
    [0.63, 0.34],
    [0.31, 0.595],
    [0.155, 0.07],
  ],
  7: [
    [0.63, 0.34],
    [0.31, 0.595],
    [0.155, 0.07],
  ],
  9: [
    [0.708, 0.292],
    [0.17, 0.797],
    [0.131, 0.046],
  ],
  12: [
    [0.68, 0.32],
    [0.265, 0.69],
    [0.15, 0.06],
  ],
};

const SRGB_PRIMARIES = 1;
const UNSPECIFIED = 2;
const PQ = 16;
const HLG = 18;
/** Curves that browsers take for that of sRGB: of BT.709, BT.601, sRGB and BT.2020. */
const LIKE_SRGB = [1, UNSPECIFIED, 6, 13, 14, 15];

/** Of paper white (BT.2408), and the brightest that is told apart, in candela a square metre. */
const PAPER_WHITE = 203;
const BRIGHTEST = 1000;
/** How much of the screen's light is left to paper white. */
const PAPER_ON_SCREEN = 0.5;
/** How soon what is brighter than paper flattens: fitted to greys as Chromium shows them (2026-11), off by at most 3 of 255. */
const FLATTENING = 0.5;

/** True for colours that can be brought to sRGB. */
export function isKnown({ primaries, transfer }: CodedColours): boolean {
  return (primaries === UNSPECIFIED || primaries in PRIMARIES) && (LIKE_SRGB.includes(transfer) || isHighRange({ transfer }));
}

export function isHighRange({ transfer }: Pick<CodedColours, 'transfer'>): boolean {
  return transfer === PQ || transfer === HLG;
}

/** True for colours that are sRGB, or taken for it everywhere. */
export function isLikeSrgb({ primaries, transfer }: CodedColours): boolean {
  return (primaries === UNSPECIFIED || primaries === SRGB_PRIMARIES) && LIKE_SRGB.includes(transfer);
}

/** Brings RGBA pixels, 8 bits each, to sRGB, where they are. `colours`: known ones. */
export function toSrgb(pixels: Uint8Array, colours: CodedColours): void {
  const lightOf = Float32Array.from({ length: 256 }, (_, value) => light(value / 255, colours.transfer));
  const own = PRIMARIES[colours.primaries] ?? PRIMARIES[SRGB_PRIMARIES] ?? [];
  const [[a, b, c], [d, e, f], [g, h, i]] = product(inverse(toXyz(PRIMARIES[SRGB_PRIMARIES] ?? [])), toXyz(own));
  const [ofRed, ofGreen, ofBlue] = toXyz(own)[1];
  const isHigh = isHighRange(colours);
  for (let at = 0; at + 3 < pixels.length; at += 4) {
    const red = lightOf[pixels[at] as number] as number;
    const green = lightOf[pixels[at + 1] as number] as number;
    const blue = lightOf[pixels[at + 2] as number] as number;
    let gain = 1;
    if (isHigh) {
      if (colours.transfer === HLG) gain = (ofRed * red + ofGreen * green + ofBlue * blue) ** (HLG_GAMMA - 1) * (BRIGHTEST / PAPER_WHITE);
      gain *= shownShare(gain * Math.max(red, green, blue));
    }
    pixels[at] = byte(gain * (a * red + b * green + c * blue));
    pixels[at + 1] = byte(gain * (d * red + e * green + f * blue));
    pixels[at + 2] = byte(gain * (g * red + h * green + i * blue));
  }
}

/** Of a screen of 1000 candela a square metre (BT.2100). */
const HLG_GAMMA = 1.2;

/** Of sRGB, 1 is white; of PQ, paper white; of HLG, all of the scene's light. */
function light(value: number, transfer: number): number {
  if (transfer === PQ) {
    // BT.2100, table 4.
    const power = value ** (1 / 78.84375);
    return ((10_000 / PAPER_WHITE) * (Math.max(power - 0.8359375, 0) / (18.8515625 - 18.6875 * power)) ** (1 / 0.1593017578125)) as number;
  }
  if (transfer === HLG) return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - 0.55991073) / 0.17883277) + 0.28466892) / 12;
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

/** By what the light of a pixel is multiplied. `brightest`: its strongest colour, of paper white. */
function shownShare(brightest: number): number {
  if (brightest <= 1) return PAPER_ON_SCREEN;
  const beyond = Math.min(1, (brightest - 1) / (BRIGHTEST / PAPER_WHITE - 1));
  const flattened = ((1 + FLATTENING) * beyond) / (beyond + FLATTENING);
  return (PAPER_ON_SCREEN + (1 - PAPER_ON_SCREEN) * flattened) / brightest;
}

/** Values of sRGB by the light, in steps that are finer than any two values lie apart. */
const STEPS = 1 << 14;
const BYTES = Uint8Array.from({ length: STEPS + 1 }, (_, step) => {
  const amount = step / STEPS;
  return Math.round(255 * (amount <= 0.0031308 ? amount * 12.92 : 1.055 * amount ** (1 / 2.4) - 0.055));
});

function byte(amount: number): number {
  return BYTES[Math.round(Math.max(0, Math.min(1, amount)) * STEPS)] as number;
}

type Vector = [number, number, number];
type Matrix = [Vector, Vector, Vector];

function xyz([x, y]: readonly [number, number]): Vector {
  return [x / y, 1, (1 - x - y) / y];
}

/** From red, green and blue to XYZ. */
function toXyz(chromaticities: readonly (readonly [number, number])[]): Matrix {
  const [red, green, blue] = chromaticities.map(xyz) as Matrix;
  const columns = [0, 1, 2].map((row) => [red[row], green[row], blue[row]]) as Matrix;
  const amounts = times(inverse(columns), xyz([0.3127, 0.329]));
  return columns.map((row) => row.map((value, column) => value * (amounts[column] as number))) as Matrix;
}

function times(matrix: Matrix, vector: Vector): Vector {
  return matrix.map((row) => row[0] * vector[0] + row[1] * vector[1] + row[2] * vector[2]) as Vector;
}

function product(left: Matrix, right: Matrix): Matrix {
  return left.map((row) =>
    [0, 1, 2].map((column) => row.reduce((sum, value, index) => sum + value * (right[index]?.[column] ?? 0), 0)),
  ) as Matrix;
}

function inverse([[a, b, c], [d, e, f], [g, h, i]]: Matrix): Matrix {
  const [p, q, r] = [e * i - f * h, f * g - d * i, d * h - e * g];
  const determinant = a * p + b * q + c * r;
  const over = (value: number) => value / determinant;
  return [
    [over(p), over(c * h - b * i), over(b * f - c * e)],
    [over(q), over(a * i - c * g), over(c * d - a * f)],
    [over(r), over(b * g - a * h), over(a * e - b * d)],
  ];
}

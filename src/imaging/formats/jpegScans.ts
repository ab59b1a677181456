/** Work that decoders do in a few seconds: passes over the pixels, times pixels. Cameras and programs take 10 to 15 passes. */
const MOST_WORK = 4e9;
const USUAL_PASSES = 20;

/** Counts the scans of a JPEG and what of the picture they hold (ITU T.81, B.2.3 and G.1.1.1.1). */
export class JpegScans {
  count = 0;
  components = 0;
  /** Whether the three components call themselves R, G and B, which libjpeg takes by their names. */
  isNamedRgb = false;
  #pixels = 0;
  #isProgressive = false;
  /** Bits that are still missing of each coefficient, by component. */
  readonly #missing = new Map<number, Uint8Array>();

  /** `frame`: the data of its segment: precision, height, width, and three bytes a component. */
  begin(frame: Uint8Array): void {
    const number = (at: number) => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0);
    this.#pixels = number(1) * number(3);
    this.components = frame[5] ?? 0;
    const names = Array.from({ length: this.components }, (_, index) => frame[6 + index * 3] ?? 0);
    this.isNamedRgb = String.fromCharCode(...names) === 'RGB';
    for (const name of names) this.#missing.set(name, new Uint8Array(64).fill(255));
  }

  /** `scan`: the data of its segment: its components, two bytes each, then the first and last coefficient, and bits. */
  add(scan: Uint8Array): void {
    this.count += 1;
    const components = scan[0] ?? 0;
    const [from = 0, to = 0, bits = 0] = scan.subarray(1 + components * 2);
    this.#isProgressive ||= to < 63 || bits !== 0;
    for (let index = 0; index < components; index++)
      this.#missing.get(scan[1 + index * 2] ?? 0)?.fill(bits & 15, from, Math.min(63, to) + 1);
  }

  get areAny(): boolean {
    return this.count > 0 && this.components > 0;
  }

  /** Whether every component is there in its last bit. */
  get areComplete(): boolean {
    return this.areAny && [...this.#missing.values()].every((missing) => missing.every((bits) => bits === 0));
  }

  /** Whether passes over all pixels, of which each may be a few bytes, come to more work than decoders can do. */
  get areTooMany(): boolean {
    return this.#isProgressive && this.count > USUAL_PASSES && this.count * this.#pixels > MOST_WORK;
  }
}

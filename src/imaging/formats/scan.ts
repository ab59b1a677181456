import type { Body } from '../reading/body.ts';

/** What a walk through an image file finds, without decoding a pixel. */
export interface Structure {
  /** `truncated` when the file ends before the image does, `damaged` when a checksum or a required part is wrong. */
  problem?: 'truncated' | 'damaged';
  /**
   * The image without what its file says about place, time, camera and author, without previews and whatever follows its end, its pixels untouched.
   * Unset where that can be had only by encoding the pixels anew.
   */
  bare?: Body;
  /** Set where the file breaks rules in ways that decoders forgive. */
  mended?: Mended;
}

/** What became of a file that breaks rules: whether it really holds its image only a decoder can tell. */
export interface Mended {
  /** All of the file that does not break them. `bare` does not either. */
  body: Body;
  /** The problem, if it does not hold its image. */
  suspicion: NonNullable<Structure['problem']>;
}

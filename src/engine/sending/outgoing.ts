import type { ImageAsSent } from '../../core/inspection/inspection.ts';
import type { GeminiRequest } from '../../core/request/request.ts';
import type { GeminiReply } from '../../core/usage/geminiReply.ts';
import type { TokenEstimate } from '../../core/usage/tokens.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import type { Job } from './job.ts';

/** What becomes of what a file says about place, camera and date: there is nothing of it, it is cut out, or whatever there is does not go along. */
export type MetadataHandling = 'none' | 'cut' | 'unknown';

/** An image that is about to leave this computer. */
export interface OutgoingImage {
  /** For people and for exclusions. */
  uri: string;
  name: string;
  body: ByteSource;
  /** Of the body, hexadecimal. */
  sha256: string;
  /** What is made of which file, for the user to see. */
  about?: ImageAsSent & { metadata: MetadataHandling };
  /** Its tokens before it is sent; unset where its size is not known. */
  estimate?: TokenEstimate;
}

/** Everything a permit has to know about a sending. */
export interface OutgoingRequest {
  job: Job;
  /** Says of each image how it goes: see `Transfer`. */
  request: GeminiRequest;
  /** Images that are to be uploaded before, by their places. */
  uploads: readonly number[];
  images: readonly OutgoingImage[];
  /** Estimated tokens of images and words. */
  inputTokens: number;
  /** Where it is one of several calls whose price is not known, which are asked about once and together: how many. */
  series?: { calls: number };
  /** True for an image of a batch, which costs half and stays with the API until it is answered. */
  isBatch?: true;
  /** Its name in the books, where its end may be seen by another process. */
  sending?: string;
  /** True where the API asks no price: a count. */
  isFree?: true;
  /** Where it goes: an http(s) address without a slash at the end. */
  destination: string;
}

/**
 * How a sending ended: with a reply; broken off on this side after it had gone out, with what had come of the answer by then; or without anything
 * that the API could bill.
 */
export type SendOutcome = { reply: GeminiReply } | { text: string } | undefined;

/** Says whether a sending may go out: rejects with the reason when not. */
export type Permit = (outgoing: OutgoingRequest) => Promise<void>;

/** A sending before it is known where and how it goes. */
export type UnroutedRequest = Omit<OutgoingRequest, 'destination' | 'uploads'>;

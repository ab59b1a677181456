import type { Task } from '../inspection/inspection.ts';
import type { Backend } from '../models/vertex.ts';
import type { Calibration } from './storedCalibration.ts';
import type { MediaResolution } from './tokens.ts';

/** What a request with the current model and resolution would cost. */
export interface CostBasis {
  imageTokens: number;
  /** By what the tokens of a part of the image are estimated. */
  rule?: {
    mimeType: string;
    mediaResolution: MediaResolution;
    calibration: Calibration;
    date: string /* ISO 8601, on which it has to hold */;
    backend?: Backend;
  };
  /** Of the other images of the session, by their address, where known. */
  otherImageTokens?: Record<string, number>;
  /** Tokens of the words that go along with those of the user, estimated, by task. */
  instructionTokens: Partial<Record<Task, number>>;
  /** US dollars for one million tokens, in and out; unset when no price is known. */
  inputPrice?: number;
  outputPrice?: number;
  /** Month the price is of, such as 2026-11. */
  priceDate?: string;
  /** True when the price is past the last day for which it is known. */
  priceOld?: boolean;
  /** That the model is to be switched off or answered by another, for people. */
  modelNotes?: readonly string[];
  /** How the model cuts up the picture; `unit` is the side of a tile or patch, in pixels of the upright picture. */
  tiles?: { columns: number; rows: number; unit: number };
  /** The next smaller size that costs fewer image tokens. */
  smaller?: { width: number; height: number; tokens: number };
}

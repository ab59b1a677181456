import type { Refused } from '../../core/failures/geminiFailure.ts';

/** An answer of the server that is an error, on its way through the SDK to where it gets its words. */
export class HttpError extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(`the server answered ${refused.status}`);
    this.refused = refused;
  }
}

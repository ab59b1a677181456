import type { RefusedRequest } from '../../core/failures/geminiFailure.ts';

/** An answer of the server that is an error, on its way through the SDK to where it gets its words. */
export class HttpError extends Error {
  readonly refused: RefusedRequest;

  constructor(refused: RefusedRequest) {
    super(`the server answered ${refused.status}`);
    this.refused = refused;
  }
}

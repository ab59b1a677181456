import { wireSize } from './buildRequest.ts';
import { type GeminiRequest, type ImageSource, partsOf, type RequestPart } from './request.ts';

/** The way in which the images of a request get to the API. */
export interface Transfer {
  /** The request with the places that are known; an image that has yet to be uploaded has `PENDING` for its address. */
  request: GeminiRequest;
  /** Images to be uploaded, by their places. */
  uploads: readonly number[];
  /** Images of which the API has a file already, by their places. */
  known: ReadonlyMap<number, string>;
}

/** Stands for an address that is not known yet; as long as a real one. */
export const PENDING = 'https://generativelanguage.googleapis.com/v1beta/files/00000000-0000-0000-0000-000000000000';

/**
 * Decides how the images of a request go. What the API has already is not sent again; the rest goes inside the request if all of it fits, else the largest
 * images are uploaded until what remains does. The order of the parts stays.
 * @param limit bytes of the whole request
 * @param known addresses of uploaded images, by place
 */
export function planTransfer(request: GeminiRequest, limit: number, known: ReadonlyMap<number, string>): Transfer {
  const inline = partsOf(request).filter((part): part is ImagePart => part.kind === 'image' && part.source.kind === 'inline');
  const reused = new Map([...known].filter(([image]) => inline.some((part) => part.image === image)));
  const uploads: number[] = [];
  let planned = withFiles(request, reused);
  const largestFirst = new Map(inline.filter(({ image }) => !reused.has(image)).map(({ image, bytes }) => [image, bytes]));
  for (const [image] of [...largestFirst].sort(([, a], [, b]) => b - a)) {
    if (wireSize(planned) <= limit) break;
    uploads.push(image);
    planned = withFiles(planned, new Map([[image, PENDING]]));
  }
  return { request: planned, uploads, known: reused };
}

type ImagePart = Extract<RequestPart, { kind: 'image' }>;

/** The request with these images by file instead of inside. `files`: addresses by place. */
export function withFiles(request: GeminiRequest, files: ReadonlyMap<number, string>): GeminiRequest {
  const placed = (part: RequestPart): RequestPart => {
    const uri = part.kind === 'image' && part.source.kind !== 'url' ? files.get(part.image) : undefined;
    return uri === undefined ? part : ({ ...part, source: { kind: 'file', uri } } as ImagePart);
  };
  return { ...request, turns: request.turns.map((turn) => ({ ...turn, parts: turn.parts.map(placed) })) };
}

/** How each image of a request went, by its place. */
export function waysOf(request: GeminiRequest): Map<number, ImageSource['kind']> {
  return new Map(partsOf(request).flatMap((part) => (part.kind === 'image' ? [[part.image, part.source.kind] as const] : [])));
}

/** Bytes that the API has to read for a request: its body and the files that it names. */
export function readSize(request: GeminiRequest): number {
  const files = new Map(
    partsOf(request).flatMap((part) => (part.kind === 'image' && part.source.kind === 'file' ? [[part.image, part.bytes]] : [])),
  );
  return wireSize(request) + [...files.values()].reduce((sum, bytes) => sum + bytes, 0);
}

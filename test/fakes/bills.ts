import type { ReceivedRequest } from './receivedRequest.ts';

/** An answer of a model that somebody pays for. */
export interface Bill {
  apiKey: string;
  /** `batch`: a line of one. */
  via: 'request' | 'batch';
  model: string;
  /** Of the line, in a batch. */
  key: string | undefined;
  /** The name of the batch. */
  batch: string | undefined;
  /** Hashes of the images, hexadecimal. */
  images: readonly string[];
}

/** All that was billed. */
export class Bills {
  readonly all: Bill[] = [];

  add(request: ReceivedRequest, { key, batch }: { key?: string; batch?: string } = {}): void {
    this.all.push({
      apiKey: String(request.headers['x-goog-api-key'] ?? ''),
      via: batch === undefined ? 'request' : 'batch',
      model: request.model ?? '',
      key,
      batch,
      images: request.images.map(({ sha256 }) => sha256),
    });
  }

  /** How often each image was billed for a key, by `key image`. */
  counts(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const { apiKey, images } of this.all) {
      for (const image of images) counts.set(`${apiKey} ${image}`, (counts.get(`${apiKey} ${image}`) ?? 0) + 1);
    }
    return counts;
  }

  /** Images that a key was billed for more than once. */
  twice(): string[] {
    return [...this.counts()].filter(([, count]) => count > 1).map(([image]) => image);
  }
}

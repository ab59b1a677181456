import type { Box, ImageAsSent } from '../../core/inspection/inspection.ts';
import { LIMITS } from '../../core/models/modelTable.ts';
import { largeImage, offersSmaller } from '../../core/request/largeImage.ts';
import { allAreas } from '../../core/request/region.ts';
import type { ImageSource } from '../../core/request/request.ts';
import type { Prepared, PrepareOptions } from '../../imaging/formats/prepared.ts';
import { bodySource, isWholeFile } from '../../imaging/reading/body.ts';
import { type ByteSource, memorySource } from '../../imaging/reading/byteSource.ts';
import { checkedSource } from '../../imaging/reading/checkedSource.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { ImageFiles, WebOrigin } from '../files/imageFiles.ts';
import { fileFailure } from '../files/localFiles.ts';
import type { Job } from '../sending/job.ts';
import type { MetadataHandling } from '../sending/outgoing.ts';
import { excluded } from '../sending/permits.ts';
import { heldBody } from './heldBody.ts';
import { KnownImages } from './knownImages.ts';
import type { TaskRules, TaskSettings } from './settings.ts';
import type { TaskCall } from './taskCall.ts';

/** An image of a request, ready to be sent. */
export interface PreparedImage {
  /** Of its file. */
  address: string;
  /** Where it was fetched from, if it was. */
  origin?: WebOrigin;
  image: Prepared;
  /** Gives the bytes that were prepared, or rejects where the file has changed since. */
  body: ByteSource;
  metadata: MetadataHandling;
  /** What is blacked out in it. */
  redactions: readonly Box[];
}

/** Bytes of files that a job may hold in memory until they are sent; what is more is read again. */
const MOST_HELD = 40e6;

/** Makes images ready to be sent, as calls, settings and the user's options for an image say. */
export class ImagePreparer {
  readonly #files: ImageFiles;
  readonly #worker: Pick<ImageWorker, 'prepare'>;
  readonly #rules: TaskRules;
  readonly #known = new KnownImages();
  /** Bytes that the images of a job hold. */
  readonly #held = new WeakMap<Job, number>();

  constructor(files: ImageFiles, worker: Pick<ImageWorker, 'prepare'>, rules: TaskRules) {
    this.#files = files;
    this.#worker = worker;
    this.#rules = rules;
  }

  /** Rejects with an InspectorError. */
  async prepare(address: string, options: TaskCall['options'], job: Job): Promise<PreparedImage> {
    if (await this.#rules.isExcluded(address)) throw excluded();
    return this.prepareAs(address, { ...options, ...this.#asked(address, options) }, job);
  }

  /** Makes an image ready as it was sent once: nothing but the options counts. To be looked at, not to be sent. */
  async prepareAs(address: string, asked: Asked, job: Job): Promise<PreparedImage> {
    const source = await this.#files.open(address);
    job.throwIfCancelled();
    const wishes = { mostBytes: LIMITS.fileBytes, ...prepareOptions(asked, this.#rules.settingsFor(address)) };
    const { held, ...image } = await this.#known
      .prepared(source, wishes, () => this.#worker.prepare(source, wishes, job.signal))
      .catch((error: unknown) => {
        // The file may go away while it is read.
        throw error instanceof Error && 'code' in error ? fileFailure(error) : error;
      });
    const isSizeChosen = asked.maxDimension !== undefined;
    if (offersSmaller({ bytes: image.body.size, size: image.stored }, { isSizeChosen })) throw largeImage(image.body.size);
    const origin = await this.#files.originOf(address);
    const body = checkedSource(bodySource(image.body, source), { sha256: image.bodySha256, blocks: image.bodyBlocks }, () =>
      this.#known.forget(source, wishes),
    );
    return {
      address,
      image,
      body: this.#mayHold(held, job) ? heldBody(bodySource(image.body, memorySource(held)), source, body) : body,
      metadata: isWholeFile(image.body, source.size)
        ? 'none'
        : image.body.pieces.every((piece) => piece instanceof Uint8Array)
          ? 'unknown'
          : 'cut',
      redactions: asked.redactions,
      ...(origin === undefined ? {} : { origin }),
    };
  }

  #mayHold(bytes: Uint8Array | undefined, job: Job): bytes is Uint8Array {
    const all = (this.#held.get(job) ?? 0) + (bytes?.length ?? 0);
    if (bytes === undefined || all > MOST_HELD) return false;
    this.#held.set(job, all);
    return true;
  }

  #asked(address: string, options: TaskCall['options']): Pick<Asked, 'redactions' | 'maxDimension'> {
    const own = this.#rules.sendOptionsFor(address);
    return { redactions: allAreas(own.redactions, options.redactions), maxDimension: options.maxDimension ?? own.maxDimension };
  }
}

/** What is to be made of an image. */
interface Asked {
  region?: Box | undefined;
  redactions: Box[];
  maxDimension?: number | undefined;
}

/** What a call asks for, and where it says nothing, the settings. */
function prepareOptions({ maxDimension, region, redactions }: Asked, settings: Pick<TaskSettings, 'maxDimension'>): PrepareOptions {
  return { maxDimension: maxDimension ?? settings.maxDimension, redactions, ...(region === undefined ? {} : { region }) };
}

/** What an inspection says of an image that was sent. */
export function inspectedImage({ address, image, redactions, origin }: PreparedImage, via: ImageSource['kind']): ImageAsSent {
  return {
    uri: origin?.address ?? address,
    sha256: image.sha256,
    mimeType: image.sourceType,
    ...image.upright,
    sent: {
      mimeType: image.mimeType,
      ...image.stored,
      bytes: via === 'url' ? 0 : image.body.size,
      via,
      ...(image.region === undefined ? {} : { region: image.region }),
      ...(redactions.length === 0 ? {} : { redactions: [...redactions] }),
    },
  };
}

/** What an inspection says of the images of pictures that were sent. `places`: of parts those of their images; `wayOf`: how a picture went. */
export function inspectedImages(
  pictures: readonly PreparedImage[],
  places: readonly number[] | undefined,
  wayOf: (picture: number) => ImageSource['kind'],
): ImageAsSent[] {
  const all = pictures.map((picture, at) => inspectedImage(picture, wayOf(at)));
  if (places === undefined) return all;
  const byImage = Map.groupBy(all.keys(), (at) => places[at] ?? at);
  return [...byImage.keys()]
    .sort((a, b) => a - b)
    .map((place) => {
      const own = (byImage.get(place) ?? []).map((at) => all[at] as ImageAsSent);
      const [first] = own as [ImageAsSent];
      return { ...first, parts: own.map(({ sent }) => sent) };
    });
}

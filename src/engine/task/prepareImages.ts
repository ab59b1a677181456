import type * as vscode from 'vscode';
import type { Box, InspectedImage } from '../../core/inspection/inspection.ts';
import { LIMITS } from '../../core/models/modelTable.ts';
import { largeImage, offersSmaller } from '../../core/request/largeImage.ts';
import { allAreas } from '../../core/request/region.ts';
import type { ImageSource } from '../../core/request/request.ts';
import { fileFailure, openImage } from '../../host/base/imageFile.ts';
import type { Settings } from '../../host/base/settings.ts';
import type { Prepared, PrepareOptions } from '../../imaging/pixels/prepare.ts';
import { bodySource, isWholeFile } from '../../imaging/reading/body.ts';
import type { ByteSource } from '../../imaging/reading/byteSource.ts';
import { checkedSource } from '../../imaging/reading/checkedSource.ts';
import type { WebOrigin } from '../fetching/fetchedImages.ts';
import type { Job } from '../sending/job.ts';
import type { MetadataFate } from '../sending/outgoing.ts';
import { excluded } from '../sending/permits.ts';
import type { InspectWorld, TaskCall } from './taskCall.ts';

/** An image of a request, ready to be sent. */
export interface PreparedImage {
  uri: vscode.Uri;
  /** Where it was fetched from, if it was. */
  origin?: WebOrigin;
  image: Prepared;
  /** Gives the bytes that were prepared, or rejects where the file has changed since. */
  body: ByteSource;
  metadata: MetadataFate;
  /** What is blacked out in it. */
  redactions: readonly Box[];
}

/** Makes an image ready to be sent, as the call and the user's wishes for it say. Rejects with an InspectorError. */
export async function prepareImage(
  world: Pick<InspectWorld, 'isExcluded' | 'images' | 'settings' | 'wishOf' | 'originOf'>,
  uri: vscode.Uri,
  options: TaskCall['options'],
  job: Job,
): Promise<PreparedImage> {
  if (await world.isExcluded(uri.toString())) throw excluded();
  const source = await openImage(uri);
  job.throwIfCancelled();
  const wish = world.wishOf(uri);
  const asked = {
    ...options,
    redactions: allAreas(wish.redactions, options.redactions),
    maxDimension: options.maxDimension ?? wish.maxDimension,
  };
  const image = await world.images
    .prepare(source, { mostBytes: LIMITS.fileBytes, ...prepareOptions(asked, world.settings(uri)) }, job.signal)
    .catch((error: unknown) => {
      // The file may go away while it is read.
      throw error instanceof Error && 'code' in error ? fileFailure(error) : error;
    });
  const isSizeChosen = asked.maxDimension !== undefined;
  if (offersSmaller({ bytes: image.body.size, size: image.stored }, { isSizeChosen })) throw largeImage(image.body.size);
  const origin = await world.originOf(uri);
  return {
    uri,
    image,
    body: checkedSource(bodySource(image.body, source), image.bodyBlocks),
    metadata: isWholeFile(image.body, source.size)
      ? 'none'
      : image.body.pieces.every((piece) => piece instanceof Uint8Array)
        ? 'unknown'
        : 'cut',
    redactions: asked.redactions,
    ...(origin === undefined ? {} : { origin }),
  };
}

interface Asked {
  region?: Box | undefined;
  redactions: Box[];
  maxDimension: number | undefined;
}

/** What a call asks for, and where it says nothing, the settings. */
function prepareOptions({ maxDimension, region, redactions }: Asked, settings: Pick<Settings, 'maxDimension'>): PrepareOptions {
  return { maxDimension: maxDimension ?? settings.maxDimension, redactions, ...(region === undefined ? {} : { region }) };
}

/** What an inspection says of an image that was sent. */
export function inspectedImage({ uri, image, redactions, origin }: PreparedImage, via: ImageSource['kind']): InspectedImage {
  return {
    uri: origin?.address ?? uri.toString(),
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

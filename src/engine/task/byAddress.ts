import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import type { ModelInfo } from '../../core/models/modelInfo.ts';
import type { ImageSource } from '../../core/request/request.ts';
import type { PreparedImage } from './imagePreparer.ts';

/** How an image should go. */
export interface AddressOptions {
  /** The call says so: then it is that or nothing. */
  asked: boolean;
  /** The setting says so: where it cannot be, the image itself goes. */
  wanted: boolean;
  /** True if a server is on the public internet, for all that is known here. */
  isPublic: (address: URL) => Promise<boolean>;
}

/**
 * Where the API has an image from: its own address, which Google then fetches, or inside the request. An address is given only for an image that was
 * fetched from it, over https and from a public server, without anything that lets somebody in; only of pixels that go as they are; and only to a model
 * that takes addresses. Rejects with `unsupportedImage` where the call asks for it and it cannot be.
 */
export async function sourceOf(
  image: PreparedImage,
  model: Pick<ModelInfo, 'takesAddresses'>,
  { asked, wanted, isPublic }: AddressOptions,
): Promise<ImageSource> {
  if (!asked && !wanted) return { kind: 'inline' };
  const { origin } = image;
  if (origin !== undefined && model.takesAddresses && isAsFetched(image) && (await canBeFetched(origin, isPublic))) {
    return { kind: 'url', url: origin.address };
  }
  if (!asked) return { kind: 'inline' };
  throw new InspectorError('unsupportedImage', t('Gemini cannot be given the address of this image.'), {
    detail: t(
      'It takes a public https address without credentials, from which the image was opened, an image that needs no change, and a model that takes addresses.',
    ),
  });
}

async function canBeFetched(
  { address, whole }: NonNullable<PreparedImage['origin']>,
  isPublic: AddressOptions['isPublic'],
): Promise<boolean> {
  const url = new URL(address);
  return whole && url.protocol === 'https:' && (await isPublic(url));
}

/** True if what would be sent has the very pixels of the file: a part of it is the file's own bytes, and nothing is cut off or blacked out. */
function isAsFetched({ image, redactions }: PreparedImage): boolean {
  return image.region === undefined && redactions.length === 0 && image.body.pieces.some((piece) => !(piece instanceof Uint8Array));
}

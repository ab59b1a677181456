import type * as vscode from 'vscode';
import type { Box } from '../../core/inspection/inspection.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { TokenFacts } from '../../core/usage/tokenFacts.ts';
import { openImage } from '../base/imageFile.ts';
import type { Settings } from '../base/settings.ts';

/** An image as it would be sent, and its tokens. */
export type SentImage = Pick<TokenFacts, 'model' | 'resolution' | 'estimate' | 'size' | 'type' | 'wireBytes' | 'inlineLimit'>;

/** What of an image would be sent, and how. */
export interface EstimateOptions extends Pick<Settings, 'model' | 'mediaResolution' | 'maxDimension' | 'inlineLimit'> {
  /** The part that is sent, in fractions of the upright image; all of it if unset. */
  region?: Box | undefined;
}

/** Types that the API takes as they are. */
const TAKEN = ['image/png', 'image/jpeg', 'image/webp', 'image/heic', 'image/heif'];

/** The tokens of an image file, from its header and nothing more. Rejects with an InspectorError when the header cannot be read. */
export async function readImageTokens(
  uri: vscode.Uri,
  { model, mediaResolution, maxDimension, inlineLimit, region }: EstimateOptions,
  basis: TokenBasis,
): Promise<SentImage> {
  const [{ probe }, { estimateImage }] = await Promise.all([
    import('../../imaging/formats/probe.ts'),
    import('../../core/request/estimateImage.ts'),
  ]);
  const source = await openImage(uri);
  const header = await probe(source);
  const { size, estimate } = estimateImage(header, { model, mediaResolution, maxDimension, region }, basis);
  const isKept =
    !header.turned && size.width === header.upright.width && size.height === header.upright.height && TAKEN.includes(header.mimeType);
  return {
    model,
    resolution: mediaResolution,
    estimate,
    size,
    type: isKept ? header.mimeType.replace('image/', '').toUpperCase() : undefined,
    // What is left out of it, its metadata, is little.
    wireBytes: isKept ? 4 * Math.ceil(source.size / 3) : undefined,
    inlineLimit,
  };
}

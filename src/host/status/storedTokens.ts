import type * as vscode from 'vscode';
import { estimateImage } from '../../core/request/estimateImage.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import { isImageUnbilled } from '../../core/usage/isImageUnbilled.ts';
import { fileHash } from '../../imaging/reading/fileHash.ts';
import { openImage } from '../base/imageFile.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { ReportedTokens } from './tokenStatus.ts';

/** What stored results say was billed for an image, oldest first: those of its content, whatever it was called then. */
export async function storedTokens(uri: vscode.Uri, store: Pick<InspectionStore, 'of'>, basis: TokenBasis): Promise<ReportedTokens[]> {
  const runs = await store.of(await fileHash(await openImage(uri)));
  return runs.flatMap(({ model, mediaResolution, images, tokens }): ReportedTokens[] => {
    const [image, ...others] = images;
    if (image?.sent === undefined || others.length > 0 || mediaResolution === undefined) return [];
    if (tokens.image === undefined || isImageUnbilled(tokens, 1)) return [];
    const { width, height, mimeType } = image.sent;
    const { estimate } = estimateImage({ width, height, mimeType }, { model, mediaResolution }, basis);
    return [{ model, resolution: mediaResolution, estimate, billed: tokens.image }];
  });
}

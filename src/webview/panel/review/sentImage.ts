import { html, type TemplateResult } from 'lit';
import type { SendReview, SentPicture, SessionImage } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { areaPixels } from '../../viewer/area.ts';
import { regionOf } from '../../viewer/region.ts';
import { styles } from '../../widgets/styles.ts';

/** A picture of a review as a viewer shows it; undefined where it cannot be shown. */
export function sentImage({ src, name, sent }: SentPicture): SessionImage | undefined {
  return src === '' ? undefined : { uri: src, name, src, width: sent.width, height: sent.height, bytes: sent.bytes };
}

/** Stands for the picture of a review while it is being made ready: as large as that, as far as its size is known. */
export function imageToCome(page: PageContext, { kind, failure }: SendReview): SessionImage | undefined {
  const [image] = page.session.images;
  if (failure || !image || image.width === 0) return undefined;
  const region = regionOf(page);
  const sent = kind === 'past' ? page.shown.run?.images[0]?.sent : undefined;
  const { width, height } = sent ?? (region ? areaPixels(region, image) : image);
  return { uri: '', name: image.name, src: '', width, height, bytes: 0 };
}

/** The outline of a picture that is not there yet. */
export function placeToCome({ width, height }: SessionImage): TemplateResult {
  return html`<div class="picture-to-come" data-testid="picture-to-come" .style=${styles({ width: `${width}px`, height: `${height}px` })}></div>`;
}

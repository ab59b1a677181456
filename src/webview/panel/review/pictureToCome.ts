import { html, nothing, type TemplateResult } from 'lit';
import type { Size } from '../../../core/base/geometry.ts';
import { t } from '../../../core/base/l10n.ts';
import type { SendReview, SessionImage } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { areaPixels } from '../../viewer/area.ts';
import { regionOf } from '../../viewer/region.ts';
import { styles } from '../../widgets/styles.ts';

/** Stands where the picture will be, as large as that, while it is being made ready. */
export function pictureToCome(page: PageContext, review: SendReview): TemplateResult {
  const size = review.failure ? undefined : sizeToCome(page, review);
  const name = page.session.images[0]?.name ?? '';
  const image: SessionImage | undefined = size && { uri: '', name, src: '', ...size, bytes: 0 };
  return html`<image-viewer class="viewer-area sent" .image=${image} .appearance=${{ ...page.state.appearance, readout: false }}
      .text=${size ? html`<div class="picture-to-come" data-testid="picture-to-come" .style=${styles({ width: `${size.width}px`, height: `${size.height}px` })}></div>` : nothing}></image-viewer>
    ${review.failure ? nothing : html`<p class="viewer-note">${t('The picture is being prepared.')}</p>`}`;
}

/** In pixels, as far as it is known before. */
function sizeToCome(page: PageContext, { kind }: SendReview): Size | undefined {
  const sent = page.shown.run?.images[0]?.sent;
  if (kind === 'past' && sent) return { width: sent.width, height: sent.height };
  const [image] = page.session.images;
  if (image === undefined || image.width === 0) return undefined;
  const region = regionOf(page);
  const { width, height } = region ? areaPixels(region, image) : image;
  return { width, height };
}

import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount } from '../../text/format.ts';
import { areaPixels } from '../../viewer/area.ts';
import { uncover } from '../../viewer/region.ts';

/** Says over the picture that parts of it are covered when it is sent, and uncovers them. */
export function coverChip(page: PageContext): TemplateResult | typeof nothing {
  const { covered = [], images } = page.session;
  const [image] = images;
  if (covered.length === 0 || !image || image.width === 0) return nothing;
  const places = covered.map((area, index) => {
    const { x, y, width, height } = areaPixels(area, image);
    return {
      id: String(index),
      text: t('Uncover area {0}', formatCount(index + 1)),
      detail: `${x}, ${y} · ${t('{0} × {1} px', width, height)}`,
    };
  });
  return html`<pop-menu class="cover-chip float" .icon=${'shield'} .text=${describeCovers(covered.length)} .label=${t('In the copy that is sent')}
    .items=${[...places, { id: 'all', text: t('Uncover all') }]}
    @menu-choose=${({ detail }: CustomEvent<string>) => (detail === 'all' ? page.post({ type: 'cover', areas: [] }) : uncover(page, Number(detail)))}></pop-menu>`;
}

/** Such as "2 covered areas". */
export function describeCovers(areas: number): string {
  return areas === 1 ? t('1 covered area') : t('{0} covered areas', formatCount(areas));
}

import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import { sizeChoices } from '../../../core/request/sentSize.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { formatCount, tokensByRule } from '../../text/format.ts';
import { regionOf } from '../../viewer/region.ts';
import { sizeName } from '../review/sentSizes.ts';

/** The sizes in which the picture can be sent, by the cost line; absent where there is only one. */
export function sizeMenu(page: PageContext): TemplateResult | typeof nothing {
  const { cost, images, model, sendAt = 0 } = page.session;
  const [image] = images;
  const rule = cost?.rule;
  if (!rule || !image || image.width === 0 || page.shown.images.length > 1) return nothing;
  const region = regionOf(page);
  const choices = sizeChoices({ mimeType: rule.mimeType, upright: image }, region === undefined ? {} : { region });
  if (choices.length < 2) return nothing;
  const items = choices.map(({ maxDimension, size }) => ({
    id: String(maxDimension),
    text: t('Send at {0}', sizeName(maxDimension)),
    detail: `${t('{0} × {1} px', formatCount(size.width), formatCount(size.height))} · ≈ ${t('{0} tok', formatCount(tokensByRule(rule, size, { model })))}`,
    checked: maxDimension === sendAt,
  }));
  return html`<pop-menu data-testid="size" .icon=${sendAt === 0 ? 'screen-full' : 'screen-normal'} .label=${t('Send at {0}', sizeName(sendAt))}
    .arrow=${false} .items=${items}
    @menu-choose=${({ detail }: CustomEvent<string>) => page.post({ type: 'sendAt', maxDimension: Number(detail) })}></pop-menu>`;
}

import { html, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { phrasesOf } from '../../result/grounding.ts';
import { namedImages } from '../../state/imageNames.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { styles } from '../../widgets/styles.ts';

/** Words of an answer; what names objects of the picture is a button that lights them, and is marked when one of them is pointed at. `named`: images that were mentioned before. */
export function groundedText(page: PageContext, text: string, named = new Set<number>()): string | TemplateResult {
  const { grounding } = page.shown;
  const phrases = grounding ? phrasesOf(text, grounding) : [];
  if (!grounding || phrases.length === 0) return namedImages(page, text, named);
  let at = 0;
  const parts = phrases.map(({ start, end, ids }) => {
    const before = text.slice(at, start);
    at = end;
    return html`${namedImages(page, before, named)}${phrase(page, grounding, text.slice(start, end), ids)}`;
  });
  return html`${parts}${namedImages(page, text.slice(at), named)}`;
}

/** Several objects of a name: pointing at it lights all of them, each click selects the next. */
function phrase(
  { state, dispatch, shown, zoomTo }: PageContext,
  { detections = [] }: Inspection,
  words: string,
  ids: readonly string[],
): TemplateResult {
  const known = ids.filter((id) => detections.some((detection) => detection.id === id));
  const isSelected = state.selected !== undefined && known.includes(state.selected);
  const isMarked = isSelected || (state.hovered !== undefined && known.includes(state.hovered));
  const name = known.length === 1 ? t('{0}, object {1}', words, known[0] as string) : t('{0}, objects {1}', words, known.join(', '));
  const colourOf = (id: string) => shown.objects.find(({ detection }) => detection.id === id)?.style.colour;
  const light = (on: boolean) => () => dispatch({ type: 'light', ids: on ? known : [] });
  const next = () => known[(known.indexOf(state.selected ?? '') + 1) % known.length];
  return html`<button type="button" class="phrase ${isMarked ? 'marked' : ''}" aria-label=${name} aria-pressed=${isSelected}
    @click=${() => dispatch({ type: 'select', id: next() })} @dblclick=${() => zoomTo(state.selected ?? known[0] ?? '')}
    @pointerenter=${light(true)} @pointerleave=${light(false)} @focus=${light(true)} @blur=${light(false)}>${words}${known.map((id) => html`<span class="phrase-number" aria-hidden="true" data-number=${id} .style=${styles({ '--colour': colourOf(id) })}></span>`)}</button>`;
}

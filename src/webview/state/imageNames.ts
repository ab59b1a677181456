import { html, type TemplateResult } from 'lit';
import { t } from '../../core/base/l10n.ts';
import type { PageContext } from './pageContext.ts';

/** What people call one of several images, such as "Image 2 (dog.png)". The model knows it by its number only. */
export function imageTitle({ images }: PageContext['shown'], index: number): string {
  return t('Image {0} ({1})', index + 1, images[index]?.name ?? '');
}

/** An answer about several images, with the file's name behind the first mention of each. `named`: those that were mentioned before. */
export function namedImages({ shown: { images } }: PageContext, text: string, named = new Set<number>()): string | TemplateResult {
  if (images.length < 2) return text;
  // Every other piece is a number: the model was told to use these very words.
  return html`${text.split(/\bImage (\d+)\b/).map((piece, index) => {
    if (index % 2 === 0) return piece;
    const name = named.has(Number(piece)) ? undefined : images[Number(piece) - 1]?.name;
    named.add(Number(piece));
    return name === undefined ? `Image ${piece}` : html`Image ${piece} <span class="quiet">(${name})</span>`;
  })}`;
}

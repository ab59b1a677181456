import { failureView, InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { type DifferenceTools, differenceOfFiles } from '../../engine/difference/differenceOfFiles.ts';
import { fileFailure } from '../../engine/files/localFiles.ts';
import type { FromWebviewMessage, ToWebviewMessage } from '../../protocol.ts';
import type { Session } from '../session/session.ts';

/** Compares the pictures of pages: for each the pair that it asked for last. */
export class PageDifferences {
  readonly #tools: DifferenceTools;
  readonly #latest = new WeakMap<Pick<Session, 'images'>, AbortController>();

  constructor(tools: DifferenceTools) {
    this.#tools = tools;
  }

  /** The answer for the page; what went wrong is part of it. */
  async answer(
    session: Pick<Session, 'images'>,
    { request, uris, alignment }: Extract<FromWebviewMessage, { type: 'difference' }>,
  ): Promise<Extract<ToWebviewMessage, { type: 'difference' }>> {
    this.#latest.get(session)?.abort(new InspectorError('cancelled', t('Cancelled.')));
    const controller = new AbortController();
    this.#latest.set(session, controller);
    try {
      const [older, newer] = uris.map((uri) => addressIn(session, uri)) as [string, string];
      const { difference, picture } = await differenceOfFiles(this.#tools, [older, newer], alignment, controller.signal);
      const pixels = picture && { png: new Uint8Array(picture.png), box: picture.box };
      return { type: 'difference', request, difference, ...(pixels && { pixels }) };
    } catch (error) {
      return { type: 'difference', request, problem: failureView(fileFailure(error)) };
    }
  }
}

/** A page may look at the images of its session only. */
function addressIn({ images }: Pick<Session, 'images'>, wanted: string): string {
  const image = images.find(({ uri }) => uri.toString() === wanted);
  if (image === undefined) throw new InspectorError('notFound', t('The image is no longer part of this comparison.'));
  return image.uri.toString();
}

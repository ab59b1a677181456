import { html, nothing, type TemplateResult } from 'lit';
import { formatBytes, formatUsd } from '../../../core/base/format.ts';
import { t } from '../../../core/base/l10n.ts';
import { vertexAt } from '../../../core/models/vertex.ts';
import type { SendReview, SentPicture } from '../../../protocol.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeTask, thinkingText } from '../../text/describeTask.ts';
import { formatCount } from '../../text/format.ts';
import { beginCover } from '../../viewer/region.ts';
import { icon } from '../../widgets/icon.ts';
import { toolButton } from '../../widgets/toolButton.ts';
import { failureLook } from '../messages/failure.ts';
import { message } from '../messages/message.ts';
import { describeCovers } from './coverChip.ts';
import { sentSizes } from './sentSizes.ts';

/** The review of what is sent, in place of the panel. */
export function sendReview(page: PageContext, review: SendReview): TemplateResult {
  const isPast = review.kind === 'past';
  const { failure } = review;
  return html`<div class="send-review" data-testid="send-sheet" role="dialog" aria-label=${isPast ? t('What was sent') : t('What is sent')}>
    <div class="head">${icon('shield')}<h2 class="head-title grow">${isPast ? t('What was sent') : t('What is sent')}</h2>
      ${toolButton({ icon: 'close', title: review.kind === 'ask' ? t("Don't Send (Esc)") : t('Close (Esc)'), click: () => closeReview(page, review, false) })}</div>
    <div class="scroll sent-parts" tabindex="0" role="region" aria-label=${t('Everything that is sent')}>
      ${failure ? message({ ...failureLook(failure), title: failure.message, detail: failure.detail, alert: true, testId: 'send-failure' }) : nothing}
      ${review.pictures.length > 0 ? parts(page, review) : failure ? sentSizes(page, review) : partsToCome(page, review)}
    </div>
    ${foot(page, review)}
  </div>`;
}

function parts(page: PageContext, review: SendReview): TemplateResult {
  const { pictures } = review;
  const [first] = pictures;
  const url = first?.url;
  return html`<p class="sent-lead">${
    url !== undefined
      ? t('The address is sent, not the image. Google sees the whole file that is there.')
      : review.kind === 'past'
        ? (first?.problem ?? t('The picture shown is the exact one that left this computer.'))
        : t('The picture shown is the exact one that leaves this computer.')
  }</p>
    ${pictures.map((picture, index) => picturePart(page, review, picture, index))}
    ${removed(page, review)}${text(page, review)}${cost(review)}${destination(page, review)}`;
}

/** What is known before the pictures are ready. */
function partsToCome(page: PageContext, review: SendReview): TemplateResult {
  return html`<p class="status">${icon('loading codicon-modifier-spin')}${t('Preparing…')}</p>
    ${rows(t('Picture'), [[t('File'), page.session.images.map(({ name }) => name).join(', ')]])}${text(page, review)}${destination(page, review)}`;
}

function rows(title: string, lines: readonly (readonly [string, string | TemplateResult] | false)[]): TemplateResult {
  return html`<section><h3>${title}</h3><dl>${lines.map((line) => (line ? html`<dt>${line[0]}</dt><dd>${line[1]}</dd>` : nothing))}</dl></section>`;
}

/** Each of several pictures can be looked at. */
function picturePart(page: PageContext, review: SendReview, picture: SentPicture, index: number): TemplateResult {
  const { name, sent, url } = picture;
  const several = review.pictures.length > 1;
  const file = several
    ? html`<button type="button" class="link" aria-pressed=${index === shownPlace(page, review)} @click=${() => page.dispatch({ type: 'sentPicture', place: index })}>${name}</button>`
    : name;
  return html`${rows(several ? t('Picture {0}', formatCount(index + 1)) : t('Picture'), [
    [t('File'), file],
    url === undefined && [t('Sent as'), sentAs(picture)],
    [t('How'), howSent(sent.via, sent.bytes, url)],
  ])}${several ? nothing : sentSizes(page, review)}`;
}

/** Such as "620 × 620 PNG, 679 KB, not resized". */
function sentAs(picture: SentPicture): string {
  const { sent } = picture;
  const what = t('{0} × {1} {2}, {3}', formatCount(sent.width), formatCount(sent.height), typeName(sent.mimeType), formatBytes(sent.bytes));
  return `${what}, ${describeSize(picture)}`;
}

function describeSize({ width, height, sent }: SentPicture): string {
  const part = sent.region && { width: sent.region.width * width, height: sent.region.height * height };
  const from = part ?? { width, height };
  const isSmaller = sent.width < Math.round(from.width) - 1 || sent.height < Math.round(from.height) - 1;
  const ofWhole = t('{0} × {1}', formatCount(Math.round(from.width)), formatCount(Math.round(from.height)));
  if (isSmaller) return part ? t('a part, made smaller from {0}', ofWhole) : t('made smaller from {0}', ofWhole);
  return part ? t('a part, not resized') : t('not resized');
}

function typeName(mimeType: string): string {
  return mimeType.replace('image/', '').toUpperCase();
}

function howSent(via: SentPicture['sent']['via'], bytes: number, url: string | undefined): string {
  if (via === 'url') return t('Google fetches it from {0}', url ?? '');
  return via === 'file'
    ? t('By the Files API, which keeps it for 48 hours')
    : t('Inside the request ({0} as base64)', formatBytes(4 * Math.ceil(bytes / 3)));
}

function removed(page: PageContext, { pictures, kind }: SendReview): TemplateResult | typeof nothing {
  if (pictures.some(({ url }) => url !== undefined)) return nothing;
  const areas = pictures.reduce((sum, { sent }) => sum + (sent.redactions?.length ?? 0), 0);
  const fates = pictures.map(({ metadata }) => metadata);
  const metadata = fates.includes('cut')
    ? t('Location, camera, and date (EXIF, XMP)')
    : fates.includes('unknown')
      ? t('Location, camera, and date, if the file has them')
      : t('No location, camera, or date in the file');
  return html`<section><h3>${t('Removed before sending')}</h3><ul class="removed">
    ${fates.every((fate) => fate === undefined) ? nothing : html`<li>${icon(fates.every((fate) => fate === 'none') ? 'circle-slash' : 'check')}${metadata}</li>`}
    <li>${icon('check')}${pictures.some(({ sent }) => sent.via === 'file') ? t('The folder; the file name is included') : t('File name and folder')}</li>
    <li>${icon(areas > 0 ? 'check' : 'circle-slash')}<span>${areas > 0 ? describeCovers(areas) : t('No covered areas')}
      ${kind === 'past' || pictures.length > 1 ? nothing : html`<button type="button" class="link" @click=${() => beginCover(page)}>${t('Cover an Area…')}</button>`}
      ${kind === 'past' || areas === 0 || !page.session.covered ? nothing : html`<button type="button" class="link" @click=${() => page.post({ type: 'cover', areas: [] })}>${t('Uncover All')}</button>`}</span></li>
  </ul></section>`;
}

function text(page: PageContext, { task, prompt, texts, textsCut, isCount }: SendReview): TemplateResult | typeof nothing {
  const all = texts?.map(
    ({ from, text: words }) =>
      html`<h4>${{ user: t('User message'), model: 'Gemini', system: t('System instruction') }[from]}</h4><pre>${words}</pre>`,
  );
  const isOpen = page.state.allText;
  const words = prompt.trim() === '' ? t('Default prompt') : `“${prompt.trim()}”`;
  const toggle =
    all && all.length > 0
      ? html` <button type="button" class="link" aria-expanded=${isOpen} @click=${() => page.dispatch({ type: 'allText', open: !isOpen })}>${isOpen ? t('Show Less') : t('Show All')}</button>`
      : nothing;
  return html`${rows(t('Text'), [
    [t('Task'), isCount ? t('Count tokens') : describeTask(task).run],
    !isCount && [t('Prompt'), html`${words}${toggle}`],
  ])}${isOpen && all ? html`<div class="all-text" data-testid="all-text">${all}${textsCut ? html`<p class="quiet">${t('Long texts are cut here. They were sent whole.')}</p>` : nothing}</div>` : nothing}`;
}

function cost({ cost: sum, budget, kind, isCount }: SendReview): TemplateResult | typeof nothing {
  if (isCount) return rows(t('Cost'), [[t('Input cost'), t('Counting costs nothing.')]]);
  if (!sum) return nothing;
  const sign = kind === 'past' ? '✓' : '≈';
  const tokens = (count: number) => `${sign} ${t('{0} tok', formatCount(count))}`;
  return rows(t('Cost'), [
    sum.image !== undefined && [t('Image'), tokens(sum.image)],
    sum.prompt !== undefined && [t('Prompt'), tokens(sum.prompt)],
    sum.output !== undefined && [t('Answer'), tokens(sum.output)],
    sum.thoughts !== undefined && sum.thoughts > 0 && [t('Thinking'), tokens(sum.thoughts)],
    sum.usd !== undefined &&
      (kind === 'past' ? [t('Price'), `${sign} ${formatUsd(sum.usd)}`] : [t('Input cost'), t('≈ {0} + output', formatUsd(sum.usd))]),
    budget !== undefined && [
      t('Budget'),
      budget.limit > 0
        ? t('{0} of {1} used today', formatUsd(budget.spent), formatUsd(budget.limit))
        : t('{0} used today, no limit', formatUsd(budget.spent)),
    ],
  ]);
}

function destination(page: PageContext, { destination: to, model: id, kind, thinking }: SendReview): TemplateResult {
  const model = [id, thinkingText(thinking)].filter(Boolean).join(' · ');
  if (!to) return rows(t('Destination'), [[t('Model'), model]]);
  const { host } = new URL(to.address);
  const vertex = vertexAt(to.address);
  const isGoogle = host.endsWith('.googleapis.com');
  const key = { secretStorage: t("Stored in VS Code's secret storage"), environment: t('From the environment') };
  return html`${rows(t('Destination'), [
    [t('Service'), vertex ? t('Vertex AI') : isGoogle ? t('Gemini API (Google)') : t('Gemini API (custom endpoint)')],
    [t('Address'), html`<code>${host}</code>`],
    [t('Model'), model],
    vertex !== undefined && [t('Project'), vertex.project],
    vertex !== undefined && [t('Location'), vertex.location],
    vertex === undefined && kind !== 'past' && [t('Key'), to.key === undefined ? t('none yet') : key[to.key]],
  ])}
    ${isGoogle ? html`<p class="quiet">${t("Google's terms decide how long it is kept.")} <button type="button" class="link" @click=${() => page.post({ type: 'act', action: 'openTerms' })}>${t('Read Them')}</button></p>` : nothing}`;
}

function foot(page: PageContext, review: SendReview): TemplateResult {
  if (review.kind !== 'ask')
    return html`<div class="sent-foot"><div class="buttons"><button type="button" class="button secondary" data-review-focus @click=${() => closeReview(page, review, false)}>${t('Close')}</button></div></div>`;
  const isReady = review.pictures.length > 0 && !review.failure;
  return html`<div class="sent-foot">
    ${isReady ? html`<p class="sent-summary" data-testid="send-summary">${summary(review)}</p>` : nothing}
    ${
      review.canRemember
        ? html`<label><input type="checkbox" .checked=${page.state.remember} @change=${(event: Event) => page.dispatch({ type: 'remember', on: (event.target as HTMLInputElement).checked })} />${t('Remember for {0}', hostOf(review))}</label>`
        : nothing
    }
    <div class="buttons">
      <button type="button" class="button primary grow" data-testid="send" data-review-focus ?disabled=${!isReady}
        @keydown=${(event: KeyboardEvent) => event.repeat && event.preventDefault()} @click=${() => closeReview(page, review, true)}>${t('Send')}</button>
      <button type="button" class="button secondary grow" data-testid="dont-send" @click=${() => closeReview(page, review, false)}>${t("Don't Send")}</button>
    </div></div>`;
}

/** What is decided on by Send, always in sight above it: the price, where it goes, and how many images, such as "≈ $0.0009 + output · generativelanguage.googleapis.com · 1 image". */
function summary(review: SendReview): string {
  const { cost: sum, isCount, pictures } = review;
  const tokens = (sum?.image ?? 0) + (sum?.prompt ?? 0);
  const price = isCount
    ? t('Counting costs nothing.')
    : sum?.usd !== undefined
      ? t('≈ {0} + output', formatUsd(sum.usd))
      : t('≈ {0} tok, price unknown', formatCount(tokens));
  const images = pictures.length === 1 ? t('1 image') : t('{0} images', formatCount(pictures.length));
  return [price, hostOf(review), images].filter((part) => part !== '').join(' · ');
}

function hostOf({ destination: to }: SendReview): string {
  return to === undefined ? '' : new URL(to.address).host;
}

/** Closes the review and gives the answer. */
export function closeReview(page: PageContext, review: SendReview, send: boolean): void {
  page.post({ type: 'closeReview', review: review.id, send, remember: send && review.canRemember === true && page.state.remember });
}

/** The place of the picture that is looked at. */
export function shownPlace({ state }: Pick<PageContext, 'state'>, { pictures }: SendReview): number {
  return Math.min(state.sentPicture, Math.max(0, pictures.length - 1));
}

/** Such as "As sent · 620 × 620 PNG". */
export function asSent({ sent }: SentPicture): string {
  return t('As sent · {0} × {1} {2}', formatCount(sent.width), formatCount(sent.height), typeName(sent.mimeType));
}

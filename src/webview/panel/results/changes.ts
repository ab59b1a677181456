import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Alignment, ImageDifference } from '../../../core/inspection/imageDifference.ts';
import type { PartOfImage } from '../../../core/inspection/imageParts.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { changedParts } from '../../../core/request/changedParts.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeDifference } from '../../text/describeDifference.ts';
import { formatCount, imageTokensOf, promptCost } from '../../text/format.ts';
import { type MessageButton, message, messageButton } from '../messages/message.ts';

/** Of two versions without a run: what changed, and that it can be described, with what is sent for that and what it would cost. */
export function changes(page: PageContext): TemplateResult | typeof nothing {
  const { session, difference, state } = page;
  const { known } = difference;
  if (session.pair === undefined || known?.state !== 'known') return nothing;
  const found = known.difference;
  const parts = partsOf(found, state.alignment);
  const versions = `${session.images[0]?.name ?? ''} → ${page.shown.images[1]?.name ?? ''}`;
  const cost = costOf(page, parts);
  const pairs = parts.length / 2;
  const sent =
    pairs === 1
      ? t('To describe the changes, only one part of each version is sent.')
      : t('To describe the changes, only {0} parts of each version are sent.', formatCount(pairs));
  const detect: MessageButton = {
    text: t('Detect Objects in Both'),
    kind: 'secondary',
    icon: 'inspect',
    click: () => page.post({ type: 'detectInBoth' }),
  };
  const buttons: MessageButton[] = [
    { text: t('Describe Changes'), kind: 'primary', icon: 'sparkle', click: () => page.run('compare', '', parts) },
    { text: t('What Is Sent?'), kind: 'link', click: () => page.post({ type: 'showSent', task: 'compare', query: '', parts }) },
  ];
  return html`<div class="panel-messages">${message({
    icon: 'git-compare',
    tone: 'info',
    title: describeDifference(found),
    detail: parts.length > 0 && cost !== undefined ? `${versions} · ${cost}` : versions,
    ...(parts.length > 0 && { bar: html`<p data-testid="changes-sent">${sent}</p>` }),
    buttons: [...(parts.length > 0 ? buttons : []), ...(parts.length > 0 && session.pair.objects === undefined ? [detect] : [])],
    testId: 'changes',
  })}</div>`;
}

const known = new WeakMap<ImageDifference, { alignment: Alignment; parts: PartOfImage[] }>();

/** The parts that tell what changed, found once for each difference. */
function partsOf(difference: ImageDifference, alignment: Alignment): PartOfImage[] {
  const before = known.get(difference);
  if (before?.alignment === alignment) return before.parts;
  const parts = changedParts(difference, alignment);
  known.set(difference, { alignment, parts });
  return parts;
}

function costOf({ session: { cost, images, model, sendAt }, shown }: PageContext, parts: readonly PartOfImage[]): string | undefined {
  if (cost === undefined) return undefined;
  const tokens = parts.map(({ image, region }) =>
    imageTokensOf(cost, { region, image: image === 0 ? images[0] : shown.images[1], model, sendAt }),
  );
  return promptCost({ ...cost, imageTokens: tokens.reduce((sum, one) => sum + one, 0) }, 'compare', '')?.text;
}

/** Of an answer about a committed version: a button that puts its words into the commit message. */
export function commitButton({ post }: PageContext, { id: run, task, images }: Inspection): TemplateResult | typeof nothing {
  if (task !== 'compare' || !images.some(({ uri }) => uri.startsWith('git:'))) return nothing;
  return messageButton({
    text: t('Insert into Commit Message'),
    kind: 'secondary',
    icon: 'git-commit',
    click: () => post({ type: 'insertIntoCommit', run }),
  });
}

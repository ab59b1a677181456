import { html, nothing, type TemplateResult } from 'lit';
import { t } from '../../../core/base/l10n.ts';
import type { Inspection } from '../../../core/inspection/inspection.ts';
import { changesQuery } from '../../../core/request/changesQuery.ts';
import type { PageContext } from '../../state/pageContext.ts';
import { describeDifference } from '../../text/describeDifference.ts';
import { promptCost } from '../../text/format.ts';
import { message, messageButton } from '../messages/message.ts';

/** Of two versions without a run: what changed, and that it can be described, with what that would cost. */
export function changes(page: PageContext): TemplateResult | typeof nothing {
  const { session, difference } = page;
  const { known } = difference;
  if (session.pair === undefined || known?.state !== 'known') return nothing;
  const found = known.difference;
  const query = changesQuery(found);
  const cost = promptCost(session.cost, 'compare', query, [session.pair.newer])?.text;
  const describe = { text: t('Describe Changes'), kind: 'primary', icon: 'sparkle', click: () => page.run('compare', query) } as const;
  const versions = `${session.images[0]?.name ?? ''} → ${page.shown.images[1]?.name ?? ''}`;
  return html`<div class="panel-messages">${message({
    icon: 'git-compare',
    tone: 'info',
    title: describeDifference(found),
    detail: found.changed && cost !== undefined ? `${versions} · ${cost}` : versions,
    buttons: found.changed ? [describe] : [],
    testId: 'changes',
  })}</div>`;
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

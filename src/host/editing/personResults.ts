import { randomUUID } from 'node:crypto';
import { t } from '../../core/base/l10n.ts';
import { consensus } from '../../core/editing/consensus.ts';
import { correctedInspection, type PersonFacts } from '../../core/editing/personInspection.ts';
import { sameRequests } from '../../core/masks/stability.ts';
import type { FromWebviewMessage } from '../../protocol.ts';
import { confirm } from '../base/confirm.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { Session } from '../session/session.ts';

/** Stores a run as a person has corrected it. The run itself stays as it is. */
export async function saveCorrections(
  store: Pick<InspectionStore, 'add'>,
  session: Pick<Session, 'runOf'>,
  { run: id, edits }: Extract<FromWebviewMessage, { type: 'saveCorrections' }>,
): Promise<void> {
  const run = session.runOf(id);
  if (run === undefined) return;
  await store.add(correctedInspection(run, edits, facts()));
  confirm(t('Saved as a result of its own'));
}

/** Stores what several runs of the same request agree on. */
export async function keepConsensus(
  store: Pick<InspectionStore, 'add'>,
  session: Pick<Session, 'state'>,
  { run, least, threshold }: Extract<FromWebviewMessage, { type: 'keepConsensus' }>,
): Promise<void> {
  const runs = sameRequests(session.state.runs, { id: run });
  if (runs.length < 2) return;
  await store.add(consensus(runs, least, { ...facts(), threshold }));
}

function facts(): PersonFacts {
  return { id: randomUUID(), createdAt: new Date().toISOString() };
}

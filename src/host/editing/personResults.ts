import { randomUUID } from 'node:crypto';
import { InspectorError, unreadable } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { consensus } from '../../core/editing/consensus.ts';
import { correctedInspection, type PersonFacts } from '../../core/editing/personInspection.ts';
import type { InspectedImage } from '../../core/inspection/inspection.ts';
import { sameRequests } from '../../core/masks/stability.ts';
import type { FromWebviewMessage } from '../../protocol.ts';
import { confirm } from '../base/confirm.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { Session } from '../session/session.ts';
import type { WorkspaceMemory } from '../session/workspaceMemory.ts';

/** Stores a run as a person has corrected it, which stays as it is; without a run, what the person alone has found. */
export async function saveCorrections(
  store: Pick<InspectionStore, 'add'>,
  memory: Pick<WorkspaceMemory, 'rememberGiven' | 'draftsOf' | 'keepDrafts'>,
  session: Pick<Session, 'uri' | 'info' | 'runOf'>,
  { run: id, edits }: Extract<FromWebviewMessage, { type: 'saveCorrections' }>,
): Promise<void> {
  const run = session.runOf(id);
  if (run === undefined && id !== '') throw new InspectorError('notFound', t('The result is gone.'));
  await store.add(correctedInspection(run, edits, { ...facts(), images: run?.images ?? [imageOf(session)] }));
  // The page may be gone by now, as where the next image of a set has taken its place.
  const address = session.uri.toString();
  await memory.keepDrafts(
    address,
    memory.draftsOf(address).filter((draft) => draft.run !== id),
  );
  await memory.rememberGiven(edits.flatMap((edit) => (edit.kind === 'add' || edit.kind === 'relabel' ? edit.label : [])).reverse());
  confirm(t('Saved as a result of its own'));
}

/** The image as it is here; nothing was sent of it. */
function imageOf({ uri, info }: Pick<Session, 'uri' | 'info'>): InspectedImage {
  const { sha256, header } = info ?? {};
  if (sha256 === undefined || header === undefined) throw unreadable('');
  return { uri: uri.toString(), sha256, mimeType: header.mimeType, ...header.upright };
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

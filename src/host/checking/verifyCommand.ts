import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { formatUsd } from '../../core/base/format.ts';
import { t } from '../../core/base/l10n.ts';
import { type Inspection, wasAsked } from '../../core/inspection/inspection.ts';
import { ObjectChecker } from '../../engine/checking/checkObjects.ts';
import { Job } from '../../engine/sending/job.ts';
import { usesVertex } from '../base/settings.ts';
import type { ImageResults } from '../editor/imageResults.ts';
import type { InspectionStore } from '../session/inspectionStore.ts';
import type { Tasks } from '../session/tasks.ts';

/** What a check takes. */
export interface VerifyServices {
  tasks: Tasks;
  store: InspectionStore;
  results: ImageResults;
}

/** Has the objects of an image's result checked: of the one with that id, else of the newest that has some. Rejects with an InspectorError. */
export async function verify(
  { tasks, store, results }: VerifyServices,
  uri: vscode.Uri,
  id: string | undefined,
  fromCode: boolean,
): Promise<Inspection> {
  if (usesVertex()) throw onVertex();
  const { runs } = await results.of(uri);
  const run = runs.findLast((one) => (id === undefined ? hasObjects(one) : one.id === id));
  if (run === undefined || !hasObjects(run)) throw notFound();
  const { preparer } = await tasks.planner();
  const checker = new ObjectChecker({
    preparer,
    rules: tasks.rules,
    fileOf: (address) => (address === run.images[0]?.uri ? uri.toString() : tasks.files.fileOf(address)),
    worker: tasks.worker,
    sender: tasks.sender,
    results: store,
  });
  const job = new Job(run.images.length, 1, fromCode);
  if (fromCode) return checker.check(run, await checker.plan(run, job));
  const options = { location: vscode.ProgressLocation.Notification, cancellable: true, title: t('Check Objects') };
  return vscode.window.withProgress(options, async (progress, cancelled) => {
    cancelled.onCancellationRequested(() => job.cancel());
    const planned = await checker.plan(run, job);
    const cost = planned.costUsd === undefined ? t('price not known') : `≈ ${formatUsd(planned.costUsd)}`;
    progress.report({ message: t('{0} objects, {1}', planned.asked.length, cost) });
    return checker.check(run, planned);
  });
}

/** Lines of text are none, nor are those of what was pasted: nothing of it was ever sent. */
function hasObjects(run: Inspection): boolean {
  const { task, detections = [] } = run;
  return task !== 'readText' && wasAsked(run) && detections.some(({ point }) => point === undefined);
}

function onVertex(): InspectorError {
  return new InspectorError('unsupported', t('Objects cannot be checked on Vertex AI.'), {
    detail: t('The Decisions API belongs to the Gemini API: choose that as the backend to check objects.'),
    actions: ['openSettings'],
  });
}

function notFound(): InspectorError {
  return new InspectorError('notFound', t('There is no result with objects to check.'), { detail: t('Run Detect or Segment first.') });
}

import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { safeName, withoutExtension } from '../../core/base/fileNames.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import { regionPixels } from '../../core/request/region.ts';
import { exportImages } from '../../engine/export/exportResults.ts';
import type { Drawing } from '../../imaging/pixels/draw.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { PictureRequest } from '../../protocol.ts';
import { confirm } from '../base/confirm.ts';
import { nameOf, openImage } from '../base/imageFile.ts';
import type { Session } from '../session/session.ts';
import { saveFile } from './exportWrite.ts';

/** Makes what a page wants of a session's image, as a PNG. `threshold`: of masks. Rejects with an InspectorError. */
export async function makePicture(
  worker: Pick<ImageWorker, 'draw'>,
  session: Session,
  request: PictureRequest,
  threshold: number,
): Promise<Uint8Array> {
  return worker.draw(await openImage(imageOf(session, request)), drawingOf(session, request, threshold));
}

/** The same as a file, where the user wants it; resolves to undefined if nowhere. */
export async function savePicture(
  worker: Pick<ImageWorker, 'draw'>,
  session: Session,
  request: PictureRequest,
  threshold: number,
): Promise<vscode.Uri | undefined> {
  const name = safeName([withoutExtension(nameOf(session.uri)), suffixOf(session, request)].join(' ').trim(), 'image');
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(session.uri, '..', `${name}.png`),
    filters: { PNG: ['png'] },
    title: t('Save as PNG'),
  });
  if (file !== undefined) {
    await saveFile(file, await makePicture(worker, session, request, threshold));
    confirm(t('Saved {0}', sanitizeForUi(nameOf(file), 60)));
  }
  return file;
}

function drawingOf(session: Session, request: PictureRequest, threshold: number): Drawing {
  switch (request.kind) {
    case 'whole':
      return { kind: 'whole' };
    case 'overlay': {
      const { runs } = session.state;
      const address = session.uri.toString();
      const [image] = exportImages([{ address, runs, inspection: runOf(session, request.run) }], address, () => threshold);
      if (image === undefined) throw gone();
      return { kind: 'overlay', image };
    }
    case 'part': {
      const size = session.info?.header?.upright;
      if (size === undefined) throw gone();
      return { kind: 'crop', box: regionPixels(request.region, size) };
    }
    case 'crop':
      return { kind: 'crop', box: objectOf(session, request).pixelBox };
    case 'cutOut':
      return { kind: 'cutOut', detection: objectOf(session, request), threshold };
  }
}

function runOf(session: Session, id: string): Inspection {
  const run = session.state.runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw gone();
  return run;
}

function objectOf(session: Session, { run, detection }: Extract<PictureRequest, { kind: 'crop' | 'cutOut' }>): Detection {
  const object = runOf(session, run).detections?.find(({ id }) => id === detection);
  if (object === undefined) throw gone();
  return object;
}

/** The image of the inspector, or the one of a comparison that the object is in. */
function imageOf(session: Session, request: PictureRequest): vscode.Uri {
  const index = request.kind === 'crop' || request.kind === 'cutOut' ? objectOf(session, request).imageIndex : 0;
  const other = index === 0 || !('run' in request) ? undefined : runOf(session, request.run).images[index];
  return other === undefined ? session.uri : vscode.Uri.parse(other.uri);
}

function suffixOf(session: Session, request: PictureRequest): string {
  if (request.kind === 'whole' || request.kind === 'part') return '';
  return request.kind === 'overlay' ? 'overlay' : objectOf(session, request).label;
}

/** Its run may have been deleted meanwhile. */
function gone(): InspectorError {
  return new InspectorError('emptyReply', t('This result no longer exists.'));
}

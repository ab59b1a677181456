import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import { t } from '../../core/base/l10n.ts';
import { safeName, withoutEnding } from '../../core/exports/fileNames.ts';
import type { Detection, Inspection } from '../../core/inspection/inspection.ts';
import { exportImages } from '../../engine/export/exportResults.ts';
import type { Drawing } from '../../imaging/pixels/draw.ts';
import type { PictureWish } from '../../protocol.ts';
import { nameOf, openImage } from '../base/imageFile.ts';
import type { ExportWorld } from '../export/exportCommand.ts';
import { saveFile } from '../export/exportWrite.ts';
import type { Session } from '../session/session.ts';

/** Makes what the page wants of a session's image, as a PNG. Rejects with an InspectorError. */
export async function makePicture(world: ExportWorld, session: Session, wish: PictureWish): Promise<Uint8Array> {
  return world.images.draw(await openImage(imageOf(session, wish)), drawingOf(world, session, wish));
}

/** The same as a file, where the user wants it; resolves to undefined if nowhere. */
export async function savePicture(world: ExportWorld, session: Session, wish: PictureWish): Promise<vscode.Uri | undefined> {
  const name = safeName([withoutEnding(nameOf(session.uri)), suffixOf(session, wish)].join(' ').trim(), 'image');
  const file = await vscode.window.showSaveDialog({
    defaultUri: vscode.Uri.joinPath(session.uri, '..', `${name}.png`),
    filters: { PNG: ['png'] },
    title: t('Save as PNG'),
  });
  if (file !== undefined) await saveFile(file, await makePicture(world, session, wish));
  return file;
}

function drawingOf(world: ExportWorld, session: Session, wish: PictureWish): Drawing {
  const threshold = world.shownThreshold() ?? world.maskThreshold(session.uri);
  switch (wish.kind) {
    case 'whole':
      return { kind: 'whole' };
    case 'overlay': {
      const { runs } = session.state;
      const [image] = exportImages([{ uri: session.uri, runs, inspection: runOf(session, wish.run) }], session.uri, () => threshold);
      if (image === undefined) throw gone();
      return { kind: 'overlay', image };
    }
    case 'crop':
      return { kind: 'crop', box: objectOf(session, wish).pixelBox };
    case 'cutOut':
      return { kind: 'cutOut', detection: objectOf(session, wish), threshold };
  }
}

function runOf(session: Session, id: string): Inspection {
  const run = session.state.runs.find((candidate) => candidate.id === id);
  if (run === undefined) throw gone();
  return run;
}

function objectOf(session: Session, { run, detection }: Extract<PictureWish, { kind: 'crop' | 'cutOut' }>): Detection {
  const object = runOf(session, run).detections?.find(({ id }) => id === detection);
  if (object === undefined) throw gone();
  return object;
}

/** The image of the inspector, or the one of a comparison that the object is in. */
function imageOf(session: Session, wish: PictureWish): vscode.Uri {
  const index = wish.kind === 'crop' || wish.kind === 'cutOut' ? objectOf(session, wish).imageIndex : 0;
  const other = index === 0 || !('run' in wish) ? undefined : runOf(session, wish.run).images[index];
  return other === undefined ? session.uri : vscode.Uri.parse(other.uri);
}

function suffixOf(session: Session, wish: PictureWish): string {
  if (wish.kind === 'whole') return '';
  return wish.kind === 'overlay' ? 'overlay' : objectOf(session, wish).label;
}

/** Its run may have been deleted meanwhile. */
function gone(): InspectorError {
  return new InspectorError('emptyReply', t('This result is no longer there.'));
}

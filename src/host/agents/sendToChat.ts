import { join } from 'node:path';
import * as vscode from 'vscode';
import { InspectorError } from '../../core/base/failure.ts';
import type { Size } from '../../core/base/geometry.ts';
import { t } from '../../core/base/l10n.ts';
import { sanitizeForUi } from '../../core/base/sanitizeForUi.ts';
import type { Box, Detection } from '../../core/inspection/inspection.ts';
import { regionPixels } from '../../core/request/region.ts';
import { FetchedImages } from '../../engine/fetching/fetchedImages.ts';
import { Job } from '../../engine/sending/job.ts';
import { croppedPicture } from '../../engine/tools/toolPictures.ts';
import type { PictureRequest, ToWebviewMessage } from '../../protocol.ts';
import { nameOf } from '../base/imageFile.ts';
import type { Session } from '../session/session.ts';
import type { AgentServices } from './agentTools.ts';
import { mayShow } from './pictureConsent.ts';

const OPEN_CHAT = 'workbench.action.chat.open';
/** What the picture costs the model of the chat at most. */
const MOST_TOKENS = 1600;

/** A part of an image, or an object of a result. */
type Part = Exclude<PictureRequest, { kind: 'whole' | 'overlay' }>;

/**
 * Attaches a part of the image to VS Code's chat, with what is known of it as words that the user can still change. The file is gone after seven days.
 * Resolves to the message for a page that is to copy the picture instead, where this VS Code has no chat, or attaches no picture.
 */
export async function sendToChat(
  { context, tasks }: AgentServices,
  session: Session,
  picture: PictureRequest,
): Promise<ToWebviewMessage | undefined> {
  if (picture.kind === 'whole' || picture.kind === 'overlay') return undefined;
  const obstacle = await whyNotAttached();
  if (obstacle !== undefined) {
    void vscode.window.showInformationMessage(obstacle);
    return { type: 'copyPicture', picture };
  }
  const { uri, upright, region, pixels, label } = partOf(session, picture);
  await mayShow(context);
  const parts = { preparer: (await tasks.planner()).preparer, worker: tasks.worker };
  const { data } = await croppedPicture(parts, uri.toString(), { region, upright, maxTokens: MOST_TOKENS }, new Job());
  const kept = new FetchedImages(join(context.globalStorageUri.fsPath, 'chat'));
  const file = vscode.Uri.file(await kept.keepBytes(data, t('Part of image')));
  const { x, y, width, height } = pixels;
  const place = t('Part of {0} ({1} × {2} px): {3}, {4}, {5} × {6} px.', nameOf(uri), upright.width, upright.height, x, y, width, height);
  const words = label === undefined ? place : `${place} ${t('A model called it "{0}".', sanitizeForUi(label, 200))}`;
  await vscode.commands.executeCommand(OPEN_CHAT, { query: `${words} `, isPartialQuery: true, attachFiles: [file] });
  return undefined;
}

/** Where the part lies, in fractions of its image, and in pixels as the inspector shows them. */
function partOf(session: Session, picture: Part): { uri: vscode.Uri; upright: Size; region: Box; pixels: Box; label?: string } {
  const own = session.info?.header?.upright;
  if (picture.kind === 'part') {
    if (own === undefined) throw new InspectorError('unreadableImage', t('The file is not a readable image.'));
    return { uri: session.uri, upright: own, region: picture.region, pixels: regionPixels(picture.region, own) };
  }
  const run = session.runOf(picture.run);
  const object: Detection | undefined = run?.detections?.find(({ id }) => id === picture.detection);
  const image = run?.images[object?.imageIndex ?? 0];
  if (object === undefined || image === undefined) throw new InspectorError('emptyReply', t('This result no longer exists.'));
  const uri = object.imageIndex === 0 ? session.uri : vscode.Uri.parse(image.uri);
  return { uri, upright: image, region: object.box, pixels: object.pixelBox, label: object.label };
}

/** What to say where a picture cannot be attached. The command is there also where the user has turned off all of VS Code's AI features; it does nothing then. */
async function whyNotAttached(): Promise<string | undefined> {
  const isOff = vscode.workspace.getConfiguration('chat').get('disableAIFeatures') === true;
  if (isOff || !(await vscode.commands.getCommands(true)).includes(OPEN_CHAT))
    return t('This VS Code has no chat. The picture is copied instead.');
  // VS Code (1.139) attaches pictures of this computer only, and passes over all others without a word.
  return vscode.env.remoteName === undefined
    ? undefined
    : t('In a remote window VS Code attaches no picture. It is copied instead: paste it into the chat.');
}

import type * as vscode from 'vscode';
import type { Task } from '../../core/inspection/inspection.ts';
import type { CommandOptions } from '../../core/request/commandArguments.ts';
import type { TokenBasis } from '../../core/usage/estimate.ts';
import type { Settings } from '../../host/base/settings.ts';
import type { InspectionStore } from '../../host/session/inspectionStore.ts';
import type { SendWish } from '../../host/session/sendWishes.ts';
import type { ImageWorker } from '../../imaging/worker/imageWorker.ts';
import type { WebOrigin } from '../fetching/fetchedImages.ts';
import type { Sender } from '../sending/sender.ts';

/** A task on one image, or one request about several. */
export interface TaskCall {
  task: Task;
  /** In the order sent. */
  uris: readonly [vscode.Uri, ...vscode.Uri[]];
  query: string;
  options: Pick<CommandOptions, 'model' | 'mediaResolution' | 'via' | 'region' | 'redactions' | 'maxDimension' | 'labels' | 'follow'>;
}

/** What running a task needs. */
export interface InspectWorld {
  settings: (uri?: vscode.Uri) => Settings;
  isExcluded: (uri: string) => Promise<boolean>;
  images: Pick<ImageWorker, 'prepare'>;
  sender: Sender;
  /** What the user wants of an image whenever it is sent. */
  wishOf: (uri: vscode.Uri) => SendWish;
  store: InspectionStore;
  /** Where the image of a file was fetched from, if it was. */
  originOf: (uri: vscode.Uri) => Promise<WebOrigin | undefined>;
  /** The file of an image that an inspection names. */
  fileOf: (address: string) => vscode.Uri;
  /** True if the server of an address is on the public internet, for all that is known here. */
  isPublic: (address: URL) => Promise<boolean>;
  tokenBasis: () => TokenBasis;
  log: vscode.LogOutputChannel;
}

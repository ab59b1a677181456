import type * as vscode from 'vscode';
import type { Inspection } from '../../core/inspection/inspection.ts';
import type { CommandRegistry } from '../base/commandRegistry.ts';
import { imagesOf, openInspector } from '../editor/commandImages.ts';
import type { InspectorEditors } from '../editor/inspectorEditor.ts';
import type { PageRequests } from '../editor/pageRequests.ts';
import type { VscodeImageFiles } from '../web/imageFiles.ts';
import type { VerifyServices } from './verifyCommand.ts';

/** What checking objects takes. */
interface CheckFeature extends VerifyServices {
  commands: CommandRegistry;
  requests: PageRequests;
  files: VscodeImageFiles;
  editors: InspectorEditors;
}

/** Checking the objects of results: as a command, and from a run's menu. */
export function registerChecking({ commands, requests, editors, ...services }: CheckFeature): void {
  const check = async (uri: vscode.Uri, id: string | undefined, fromCode: boolean): Promise<Inspection | undefined> =>
    (await import('./verifyCommand.ts')).verify(services, uri, id, fromCode);
  commands.register('verify', async (call) => {
    const [uri] = (await imagesOf(services.files, call)).uris;
    if (uri === undefined) return undefined;
    if (!call.fromCode || call.options.reveal === true) await openInspector(editors, uri, { preview: false });
    return check(uri, call.options.id, call.fromCode);
  });
  requests.on('verify', async ({ uri }, { run }) => {
    await check(uri, run, false);
  });
}
